// Calls the user whose name was called, and joins the two.

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, callerid, destination, displayName }) => {
  const other = VoxEngine.callUser({ username: destination, callerid, displayName });
  VoxEngine.easyProcess(call, other);
});
