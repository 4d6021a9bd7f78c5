using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Drivers.Channels;

/// <summary>Group keys for systems that join what belongs together, and take neither any letter nor any length.</summary>
internal static class GroupKeys
{
    /// <summary>64 hex digits, reckoned as Alertmanager does: who comes from it with open incidents finds them again.</summary>
    public static string Hash(string groupKey) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(groupKey)));
}
