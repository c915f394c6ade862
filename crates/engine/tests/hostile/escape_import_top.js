// An import statement at the top of a scenario.
// ENDS: JS session error
// LOG: SyntaxError
// NEVER: never
import os from 'os';
Logger.write('never');
