// Names and texts with zeros, half surrogates and line breaks, in every place that is logged.
// ENDS: Normal termination
const odd = 'a\0b\ud800c\r\nSession terminated\u2028\u202e';
Logger.write(odd); VoxEngine.customData(odd);
try { VoxEngine.callPSTN('1' + odd, ''); } catch (error) { Logger.write(error.message); }
for (const make of [() => Net.httpRequest(odd, () => {}), () => VoxEngine.createWebSocket('ws://' + odd), () => VoxEngine.addEventListener(odd, () => {}), () => require(odd), () => VoxEngine.getSecretValue(odd)]) try { make(); } catch (error) { Logger.write(error.message); }
try { eval('//# sourceURL=' + odd + '\nnull.x'); } catch (error) { Logger.write(error.stack); }
Object.defineProperty(globalThis, 'f', { value: { [odd]() { null.x; } }[odd] });
try { f(); } catch (error) { Logger.write(error.stack); }
VoxEngine.terminate();
