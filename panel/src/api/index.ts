export * from './client';
export * from './types';
export * from './session';
export * from './queries';
export * from './catalogue';
