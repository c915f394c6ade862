// Source that is nested deep: parentheses, blocks, templates, regular expressions, by eval and Function.
// ENDS: Normal termination
for (const [open, close] of [['(', ')'], ['[', ']'], ['{', '}'], ['!', ''], ['-+', ''], ['`${', '}`'], ['()=>', ''], ['a=>{', '}'], ['if(1)', ''], ['function f(){', '}'], ['new ', ''], ['class A{static{', '}}'], ['x?', ':1']])
  for (const make of [eval, (source) => new Function(source)])
    try { make(open.repeat(20000) + '1' + close.repeat(20000)); } catch (error) { Logger.write(open + ' ' + error.name); }
for (const [open, close] of [['(', ')'], ['(?:', ')'], ['(?=', ')'], ['(?<!', ')'], ['[', ']'], ['(a|', ')']])
  try { new RegExp(open.repeat(50000) + 'a' + close.repeat(50000)); } catch (error) { Logger.write('regex ' + error.name); }
try { new RegExp('a{1000}'.repeat(1000)); new RegExp('(a{1,1000}){1,1000}'); } catch (error) { Logger.write('quantifier ' + error.name); }
VoxEngine.terminate();
