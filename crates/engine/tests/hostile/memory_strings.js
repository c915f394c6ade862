// A string that doubles for ever.
// ENDS: JS session error
let text = 'x';
for (;;) text += text;
