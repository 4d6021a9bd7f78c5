using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Drivers.Probes.Mongo;

/// <summary>The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.</summary>
/// <param name="nonce">Never used twice.</param>
internal sealed class Scram(string user, string password, string nonce)
{
    private const int RoundsMax = 1_000_000;

    private byte[] serverProof = [];

    public string First => $"n,,{FirstBare}";

    private string FirstBare =>
        $"n={user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={nonce}";

    /// <summary>Answers the server's first message: <c>r=...,s=...,i=4096</c>.</summary>
    /// <exception cref="NotUnderstoodException">It is none, or not an answer to ours.</exception>
    public string Final(string serverFirst)
    {
        var fields = serverFirst
            .Split(',')
            .Where(one => one.Length > 2 && one[1] == '=')
            .DistinctBy(one => one[0])
            .ToDictionary(one => one[0], one => one[2..]);
        if (
            !fields.TryGetValue('r', out var both)
            || !both.StartsWith(nonce, StringComparison.Ordinal)
            || !fields.TryGetValue('s', out var salted)
            || !int.TryParse(
                fields.GetValueOrDefault('i'),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var rounds
            )
            || rounds is < 1 or > RoundsMax
        )
        {
            throw new NotUnderstoodException("It does not go on with the login as SCRAM does.");
        }
        var salt = new byte[salted.Length];
        if (!Convert.TryFromBase64String(salted, salt, out var saltBytes))
        {
            throw new NotUnderstoodException("The login's salt cannot be read.");
        }
        var secret = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password),
            salt.AsSpan(0, saltBytes),
            rounds,
            HashAlgorithmName.SHA256,
            SHA256.HashSizeInBytes
        );
        var without = $"c=biws,r={both}";
        var signed = Encoding.UTF8.GetBytes($"{FirstBare},{serverFirst},{without}");
        var clientKey = HMACSHA256.HashData(secret, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), signed);
        serverProof = HMACSHA256.HashData(HMACSHA256.HashData(secret, "Server Key"u8), signed);
        return $"{without},p={Convert.ToBase64String([.. clientKey.Zip(signature, (left, right) => (byte)(left ^ right))])}";
    }

    /// <summary>Whether the server knows the password too: <c>v=...</c>.</summary>
    public bool IsProven(string serverFinal) =>
        serverProof.Length > 0
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(serverFinal.Split(',')[0]),
            Encoding.UTF8.GetBytes($"v={Convert.ToBase64String(serverProof)}")
        );
}
