using Fairlead.Model.Apps;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Secrets;

/// <summary>A secret as it is kept: its versions, and how it gets new ones. Values are only in it under seal.</summary>
public sealed record SecretRecord(Site Site, string Name)
{
    /// <summary>Oldest first.</summary>
    public IReadOnlyList<KeptVersion> Versions { get; init; } = [];

    /// <summary>Where its value is kept elsewhere, such as <c>vault:secret/data/shop#password</c>; null when it is only here.</summary>
    public string? From { get; init; }

    /// <summary>How its next value is made; null for by chance.</summary>
    public SecretRotation? Rotation { get; init; }

    /// <summary>The one that what starts next is given; null when it has none.</summary>
    public KeptVersion? Newest => Versions is [.., { IsLive: true } newest] ? newest : null;

    public KeptVersion? Find(int number) => Versions.FirstOrDefault(one => one.Number == number);

    public SecretVersion Named(int number) => new(Site, Name, number);

    /// <summary>Its key in the store.</summary>
    public string Key => KeyOf(Site, Name);

    public static string KeyOf(Site site, string name) => $"{site}/{name}";
}

/// <summary>One version as it is kept.</summary>
/// <param name="By">Who brought it.</param>
/// <param name="Origin">set, rotated, read or imported.</param>
public sealed record KeptVersion(int Number, DateTimeOffset At, string By, string Origin)
{
    /// <summary>Null once it is retired: the value is gone for good then.</summary>
    public SealedSecret? Sealed { get; init; }

    public DateTimeOffset? RetiredAt { get; init; }

    public bool IsLive => Sealed is not null;
}

/// <summary>How a secret is rotated.</summary>
/// <param name="With">The rotator: random, postgres or aws-key.</param>
public sealed record SecretRotation(string With, IReadOnlyDictionary<string, string> Settings);
