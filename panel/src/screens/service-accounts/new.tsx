export { NewServiceAccount as default } from './editor';
