// Array.from of a giant length.
// ENDS: JS session error
Array.from({ length: 1e9 });
