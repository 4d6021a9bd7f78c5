using System.Globalization;
using System.Text.Json.Serialization;
using Fairlead.Model.Apps;

namespace Fairlead.Model.Security;

/// <summary>One value of a secret by its name: <c>shop/production/DATABASE_URL@3</c>. It says nothing of the value.</summary>
/// <param name="Number">1 for a secret's first value, then one more each time; never used again.</param>
public sealed record SecretVersion(Site Site, string Name, int Number)
{
    public const int NameCharsMax = 100;

    /// <summary>Whether a word can name a secret: letters, digits and underscores, not beginning with a digit.</summary>
    public static bool IsName(string word) =>
        word.Length is >= 1 and <= NameCharsMax
        && !char.IsAsciiDigit(word[0])
        && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    /// <summary>Such as <c>DATABASE_URL@3</c>.</summary>
    [JsonIgnore]
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{Name}@{Number}");

    /// <summary>What a sealed value is bound to: it opens as this version and as nothing else.</summary>
    public override string ToString() => $"{Site}/{Label}";
}

/// <summary>A value under seal: what is kept of it. All in base64.</summary>
/// <param name="KeyId">The master key that its own key is wrapped with.</param>
/// <param name="DataKey">Its own key, wrapped.</param>
/// <param name="Text">Nonce, encrypted value, and the proof that nothing of it was changed.</param>
public sealed record SealedSecret(string KeyId, string DataKey, string Text);

/// <summary>A key that only wraps other keys. This describes it; the key itself is where its kind says.</summary>
/// <param name="Kind">file, environment, passphrase or aws-kms.</param>
/// <param name="Settings">What its kind needs to find it, none of it secret.</param>
public sealed record MasterKey(string Id, string Kind, IReadOnlyDictionary<string, string> Settings, DateTimeOffset At);

/// <summary>Where else a value is kept: <c>vault:secret/data/shop#password</c>.</summary>
/// <param name="Kind">The driver that reads it: vault or aws.</param>
/// <param name="Path">In the driver's own words.</param>
/// <param name="Field">One field of what is there; null for all of it.</param>
public sealed record SecretReference(string Kind, string Path, string? Field)
{
    /// <summary>Null when it is not of that shape.</summary>
    public static SecretReference? TryParse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1 || text.Any(char.IsControl))
        {
            return null;
        }
        var rest = text[(colon + 1)..];
        var hash = rest.LastIndexOf('#');
        return hash < 0 ? new(text[..colon], rest, null)
            : hash == 0 || hash == rest.Length - 1 ? null
            : new(text[..colon], rest[..hash], rest[(hash + 1)..]);
    }

    public override string ToString() => $"{Kind}:{Path}{(Field is null ? "" : $"#{Field}")}";
}

/// <summary>A version with its value, on its way to where it is used.</summary>
public sealed record SecretValue(SecretVersion Version, Secret Value);
