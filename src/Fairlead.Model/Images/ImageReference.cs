using System.Globalization;

namespace Fairlead.Model.Images;

/// <summary>
/// Where an image is: registry, repository, and which one there. Written as Docker writes it: <c>nginx</c> is
/// <c>docker.io/library/nginx:latest</c>, and <c>localhost:5000/x</c> names a registry because of its colon.
/// </summary>
public sealed record ImageReference
{
    private const int CharsMax = 512;
    private const int RepositoryCharsMax = 255;
    private const int TagCharsMax = 128;
    private const string DockerHub = "docker.io";
    private const string Official = "library/";

    private ImageReference(string host, string repository) => (Host, Repository) = (host, repository);

    /// <summary>With its port where one is said, such as <c>ghcr.io</c> or <c>localhost:5000</c>.</summary>
    public string Host { get; }

    /// <summary>Such as <c>library/nginx</c>.</summary>
    public string Repository { get; }

    /// <summary>Null when a digest is said alone.</summary>
    public string? Tag { get; private init; }

    /// <summary>What it must be, whatever its tag means by now; null when only the tag says.</summary>
    public Digest? Digest { get; private init; }

    /// <summary>The repository with its registry.</summary>
    public string Name => $"{Host}/{Repository}";

    /// <summary>As a registry is asked for it: the digest, which cannot change, before the tag.</summary>
    public string Wanted => Digest?.ToString() ?? Tag!; // One of them is always said.

    public bool IsPinned => Digest is not null;

    /// <summary>The same image by its digest; the tag is kept for people.</summary>
    public ImageReference At(Digest digest) => this with { Digest = digest };

    /// <summary>The same repository by another tag.</summary>
    /// <exception cref="ArgumentException">It is no tag.</exception>
    public ImageReference Tagged(string tag) =>
        IsTag(tag) ? this with { Tag = tag, Digest = null } : throw new ArgumentException("It is no tag.", nameof(tag));

    /// <summary>The same registry's other repository.</summary>
    /// <exception cref="ArgumentException">It is no repository.</exception>
    public ImageReference In(string repository) =>
        FaultOfRepository(repository) is { } fault
            ? throw new ArgumentException(fault, nameof(repository))
            : new(Host, repository) { Tag = Tag, Digest = Digest };

    /// <summary>Reads what somebody wrote.</summary>
    /// <param name="fault">Why it is none, for people; null when it is one.</param>
    public static ImageReference? TryParse(string text, out string? fault)
    {
        var read = Read(text);
        fault = read.Fault;
        return read.Reference;
    }

    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var fault) ?? throw new FormatException($"'{text}' is no image: {fault}");

    public override string ToString() =>
        $"{Name}{(Tag is null ? "" : $":{Tag}")}{(Digest is null ? "" : $"@{Digest}")}";

    /// <summary>Whether a text can be a tag.</summary>
    public static bool IsTag(string text) =>
        text.Length is > 0 and <= TagCharsMax
        && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_')
        && text.All(static one => char.IsAsciiLetterOrDigit(one) || one is '_' or '.' or '-');

    private static (ImageReference? Reference, string? Fault) Read(string text)
    {
        if (text.Length is 0 or > CharsMax)
        {
            return (null, text.Length == 0 ? "it is empty." : $"it is longer than {CharsMax} letters.");
        }
        var (rest, digest) = (text, (Digest?)null);
        if (text.LastIndexOf('@') is >= 0 and var at)
        {
            if (!Images.Digest.TryParse(text[(at + 1)..], out digest))
            {
                return (null, "what follows @ must be sha256: and 64 lower-case hex digits.");
            }
            rest = text[..at];
        }
        // A colon after the last slash is a tag's; one before is a port's.
        var colon = rest.IndexOf(':', rest.LastIndexOf('/') + 1);
        var tag = colon < 0 ? null : rest[(colon + 1)..];
        if (tag is not null && !IsTag(tag))
        {
            return (null, $"its tag must be 1 to {TagCharsMax} letters, digits, dots, dashes or underscores.");
        }
        var (host, repository) = Split(colon < 0 ? rest : rest[..colon]);
        if ((FaultOfHost(host) ?? FaultOfRepository(repository)) is { } fault)
        {
            return (null, fault);
        }
        return (new(host, repository) { Tag = tag ?? (digest is null ? "latest" : null), Digest = digest }, null);
    }

    // As Docker tells them apart: the first word is a registry if it has a dot or a colon, or is localhost, or has capitals.
    private static (string Host, string Repository) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var isHost =
            first.AsSpan().IndexOfAny('.', ':') >= 0 || first == "localhost" || first.Any(char.IsAsciiLetterUpper);
        var (host, repository) = isHost ? (first.ToLowerInvariant(), name[(slash + 1)..]) : (DockerHub, name);
        host = host is "index.docker.io" or "registry-1.docker.io" ? DockerHub : host;
        return host == DockerHub && !repository.Contains('/', StringComparison.Ordinal)
            ? (host, Official + repository)
            : (host, repository);
    }

    private static string? FaultOfHost(string host)
    {
        var (name, port) = SplitPort(host);
        return port is not null
            && !(
                int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and <= ushort.MaxValue
            )
                ? "its registry's port must be 1 to 65535."
            : name.Length is > 0 and <= 253 && (IsName(name) || IsAddress(name)) ? null
            : "its registry must be a host name or an address, such as ghcr.io or localhost:5000.";
    }

    private static (string Name, string? Port) SplitPort(string host)
    {
        var colon = host.StartsWith('[')
            ? host.IndexOf(':', Math.Max(host.IndexOf(']', StringComparison.Ordinal), 0))
            : host.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (host, null) : (host[..colon], host[(colon + 1)..]);
    }

    private static bool IsName(string name) =>
        name.Split('.')
            .All(static label =>
                label.Length is > 0 and <= 63
                && label[0] != '-'
                && label[^1] != '-'
                && label.All(static one => char.IsAsciiLetterOrDigit(one) || one == '-')
            );

    // [::1]
    private static bool IsAddress(string name) =>
        name.StartsWith('[')
        && name.EndsWith(']')
        && !name.Contains('%', StringComparison.Ordinal)
        && System.Net.IPAddress.TryParse(name.AsSpan(1, name.Length - 2), out _);

    // path-component of the distribution spec: [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
    private static string? FaultOfRepository(string text) =>
        text.Length is 0 or > RepositoryCharsMax ? $"its repository must have 1 to {RepositoryCharsMax} letters."
        : text.Any(char.IsAsciiLetterUpper) ? "its repository must be in lower case."
        : text.Split('/').All(IsComponent) ? null
        : "its repository must be of lower-case letters and digits, with single dots, one or two underscores or dashes between them.";

    private static bool IsComponent(string text)
    {
        for (var at = 0; at < text.Length; )
        {
            var word = Run(text, at, static one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one));
            if (word == 0)
            {
                return false;
            }
            at += word;
            if (at == text.Length)
            {
                return true;
            }
            var mark = text[at];
            var marks = Run(text, at, one => one == mark);
            if (!(mark == '-' || (mark == '.' && marks == 1) || (mark == '_' && marks <= 2)))
            {
                return false;
            }
            at += marks;
        }
        return false;
    }

    private static int Run(string text, int from, Func<char, bool> belongs)
    {
        var at = from;
        while (at < text.Length && belongs(text[at]))
        {
            at++;
        }
        return at - from;
    }
}
