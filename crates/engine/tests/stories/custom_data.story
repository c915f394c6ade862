# Custom data is a string, is changed by its argument, and reaches the end as it was last.
custom_data = {"row":1}
--- scenario s
Logger.write(VoxEngine.customData());
Logger.write(VoxEngine.customData('next'));
Logger.write(VoxEngine.customData(undefined));
Logger.write(VoxEngine.customData(42));
Logger.write(typeof VoxEngine.customData());
Logger.write(VoxEngine.customData('x'.repeat(1000)).length);
try { VoxEngine.customData('x'.repeat(70000)); } catch (error) { Logger.write(error.message); }
try { VoxEngine.customData({}); } catch (error) { Logger.write(error.message); }
VoxEngine.customData('last ü \ud800 half');
VoxEngine.terminate();
--- transcript
at 0 start
  log Loading scenario s
  log {"row":1}
  log next
  log next
  log 42
  log string
  log 1000
  log custom data may have 65536 bytes
  log VoxEngine.customData is object, which is taken as the text that JavaScript makes of it: is JSON.stringify missing?
  log Terminating request..., stack=
  |     at <eval> (s:10:11)
  log Sent event to JS Application.Started
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    custom data last ü � half
