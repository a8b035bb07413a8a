// Before organizations had ids, a browser kept its customer under the number of the license. Who still has one there
// stays the same customer.

export const adoptLicense = ({ organizationId, tokenStoragePrefix, uniqueGroups, groupId, storage }, licenseId) => {
  if (licenseId === undefined || storage === "memory") return;
  const group = uniqueGroups ? `:${groupId}` : "";
  try {
    for (const prefix of [tokenStoragePrefix || "@@lc_auth_token:", "side_storage_"]) {
      const old = `${prefix}${licenseId}${group}`;
      const kept = localStorage.getItem(old);
      if (kept === null) continue;
      localStorage.setItem(`${prefix}${organizationId}${group}`, kept);
      localStorage.removeItem(old);
    }
  } catch {
    // A browser that refuses its storage has kept nothing.
  }
};
