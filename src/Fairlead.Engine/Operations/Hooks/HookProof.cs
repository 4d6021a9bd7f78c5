using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fairlead.Engine.Operations.Hooks;

/// <summary>
/// What a webhook shows for itself. Its body is proven and never read: a hook only says that it is worth looking, and what is deployed is
/// what the look finds.
/// </summary>
/// <param name="IsProven">Whoever sent it knows the secret, and it was sent lately where that is said.</param>
/// <param name="Delivery">Tells it from others; null when its sender gives it no name.</param>
public sealed record HookProof(bool IsProven, string? Delivery)
{
    private const int DeliveryLettersMax = 200;
    private static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(5);
    private static readonly HookProof None = new(IsProven: false, Delivery: null);

    /// <summary>Headers that a proof can need, as the edge hands them on.</summary>
    public static IReadOnlyList<string> Headers { get; } =
    [
        "X-Hub-Signature-256",
        "X-Hub-Signature",
        "X-GitHub-Delivery",
        "X-Gitlab-Token",
        "X-Gitlab-Event-UUID",
        "Idempotency-Key",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "X-Gitea-Signature",
        "X-Gitea-Delivery",
        "X-Forgejo-Signature",
        "X-Forgejo-Delivery",
        "X-Request-UUID",
        "X-Hook-UUID",
    ];

    /// <summary>Checks it in a time that says nothing of the secret.</summary>
    /// <param name="header">A header's value; null when there is none.</param>
    public static HookProof Of(Func<string, string?> header, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        // Standard Webhooks, as GitLab signs since 18.11: before the plain token, which a copy of any hook shows.
        if (header("webhook-signature") is { } signatures)
        {
            return Standard(header, signatures, body, (secret, now));
        }
        // GitHub and Bitbucket write the algorithm before it, Gitea and Forgejo do not.
        foreach (
            var (name, delivery) in (ReadOnlySpan<(string, string)>)
                [
                    ("X-Forgejo-Signature", "X-Forgejo-Delivery"),
                    ("X-Gitea-Signature", "X-Gitea-Delivery"),
                    ("X-Hub-Signature-256", "X-GitHub-Delivery"),
                    ("X-Hub-Signature", "X-Request-UUID"),
                ]
        )
        {
            if (header(name) is { } shown)
            {
                return IsHex(shown, HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))
                    ? new(IsProven: true, Named(header(delivery)))
                    : None;
            }
        }
        return header("X-Gitlab-Token") is { } token && Same(token, secret)
            ? new(IsProven: true, Named(header("Idempotency-Key") ?? header("X-Gitlab-Event-UUID")))
            : None;
    }

    // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    private static HookProof Standard(
        Func<string, string?> header,
        string signatures,
        ReadOnlySpan<byte> body,
        (string Secret, DateTimeOffset Now) with
    )
    {
        if (
            header("webhook-id") is not { Length: > 0 and <= DeliveryLettersMax } id
            || header("webhook-timestamp") is not { } at
            || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs((double)seconds - with.Now.ToUnixTimeSeconds()) > AgeMax.TotalSeconds
        )
        {
            return None;
        }
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{at}."), .. body];
        var right = Convert.ToBase64String(HMACSHA256.HashData(KeyOf(with.Secret), signed));
        var isProven = false;
        foreach (var one in signatures.Split(' ').Take(10))
        {
            isProven |= Same(one, $"v1,{right}");
        }
        return isProven ? new(IsProven: true, id) : None;
    }

    private static byte[] KeyOf(string secret)
    {
        const string Prefix = "whsec_";
        var buffer = new byte[secret.Length];
        return
            secret.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(secret[Prefix.Length..], buffer, out var count)
            ? buffer[..count]
            : Encoding.UTF8.GetBytes(secret);
    }

    private static bool IsHex(string shown, byte[] right)
    {
        const string Algorithm = "sha256=";
        var text = shown.StartsWith(Algorithm, StringComparison.Ordinal) ? shown[Algorithm.Length..] : shown;
        return Same(text.ToLowerInvariant(), Convert.ToHexStringLower(right));
    }

    // Of their hashes, so that not even the length is told.
    private static bool Same(string shown, string right) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(shown)),
            SHA256.HashData(Encoding.UTF8.GetBytes(right))
        );

    private static string? Named(string? delivery) =>
        delivery is { Length: > 0 and <= DeliveryLettersMax } ? delivery : null;
}
