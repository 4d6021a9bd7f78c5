using System.Collections.Frozen;
using System.Net.Security;

namespace Fairlead.Roles.Edge.Tls;

/// <summary>Which certificate answers for which name: never changed, only replaced.</summary>
internal sealed class CertificateBook
{
    public static readonly CertificateBook Empty = new([]);

    private readonly FrozenDictionary<string, SslServerAuthenticationOptions>.AlternateLookup<
        ReadOnlySpan<char>
    > byName;

    /// <param name="certificates">Of two for one name the later one counts.</param>
    public CertificateBook(IReadOnlyList<LoadedCertificate> certificates)
    {
        Certificates = certificates;
        var names = new Dictionary<string, SslServerAuthenticationOptions>(StringComparer.OrdinalIgnoreCase);
        foreach (var one in certificates)
        {
            foreach (var host in one.Held.Hosts)
            {
                names[host] = one.Options;
            }
        }
        byName = names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyList<LoadedCertificate> Certificates { get; }

    /// <summary>By the whole name, else by the wildcard above it; null for names of nobody here.</summary>
    /// <param name="name">Without a port.</param>
    public SslServerAuthenticationOptions? Find(ReadOnlySpan<char> name)
    {
        const int NameLettersMax = 253;
        name = name.TrimEnd('.');
        if (name.Length is 0 or > NameLettersMax)
        {
            return null;
        }
        if (byName.TryGetValue(name, out var exact))
        {
            return exact;
        }
        var dot = name.IndexOf('.');
        if (dot < 0)
        {
            return null;
        }
        Span<char> wild = stackalloc char[name.Length - dot + 1];
        wild[0] = '*';
        name[dot..].CopyTo(wild[1..]);
        return byName.TryGetValue(wild, out var above) ? above : null;
    }
}
