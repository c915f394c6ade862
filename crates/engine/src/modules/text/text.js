// Helper functions without any state: bytes and texts, hashes, numbers, zones (voxengine.md §24).
export default (base) => ({ __proto__: null });
