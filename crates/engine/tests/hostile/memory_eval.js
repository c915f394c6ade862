// Source of eight megabytes for eval.
// ENDS: JS session error
eval('[' + '1,'.repeat(4000000) + ']');
