// Calls the user whose name was called, and joins the two. Who is not there is told so.

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid, destination, displayName }) => {
  const other = VoxEngine.callUser({ username: destination, callerid, displayName });
  other.addEventListener(CallEvents.Failed, ({ code }) => call.reject(code));
  VoxEngine.easyProcess(call, other);
});
