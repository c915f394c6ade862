// A listener that adds itself again while it runs.
// ENDS: Timeout
VoxEngine.addEventListener('Application.HttpRequest', function self() { for (let i = 0; i < 3; i += 1) VoxEngine.addEventListener('Application.HttpRequest', self); VoxEngine.removeEventListener('Application.HttpRequest', self); VoxEngine.addEventListener('Application.HttpRequest', self); });
