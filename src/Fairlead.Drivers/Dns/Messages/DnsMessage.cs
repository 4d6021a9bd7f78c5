namespace Fairlead.Drivers.Dns.Messages;

/// <summary>A message of the DNS (RFC 1035), or an update of a zone (RFC 2136), whose sections have other names but the same shape.</summary>
internal sealed record DnsMessage(ushort Id, ushort Flags)
{
    /// <summary>Flag of answers.</summary>
    public const ushort Answer = 0x8000;

    /// <summary>Flag of answers that come from a zone's own server.</summary>
    public const ushort Authoritative = 0x0400;

    /// <summary>The operation of RFC 2136, at its place among the flags.</summary>
    public const ushort Update = 5 << 11;

    /// <summary>Of an update: the zone.</summary>
    public IReadOnlyList<DnsQuestion> Questions { get; init; } = [];

    /// <summary>Of an update: what must hold.</summary>
    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    /// <summary>Of an update: what changes.</summary>
    public IReadOnlyList<DnsRecord> Authorities { get; init; } = [];

    public IReadOnlyList<DnsRecord> Additional { get; init; } = [];

    public bool IsAnswer => (Flags & Answer) != 0;

    public bool IsAuthoritative => (Flags & Authoritative) != 0;

    /// <summary>Flag of questions: the server shall ask on.</summary>
    public const ushort Recursion = 0x0100;

    /// <summary>The answer did not fit into a datagram.</summary>
    public bool IsCut => (Flags & 0x0200) != 0;

    /// <summary>0 when all is well.</summary>
    public int Code => Flags & 15;
}

/// <param name="Name">Without a dot at its end.</param>
internal sealed record DnsQuestion(string Name, DnsType Type, DnsClass Class = DnsClass.In);

/// <param name="Data">As sent: names within it may be compressed, and are not followed.</param>
/// <param name="At">Where in the message it begins; 0 for one that is to be sent.</param>
internal sealed record DnsRecord(string Name, DnsType Type, DnsClass Class, uint Seconds, byte[] Data, int At = 0);

internal enum DnsType : ushort
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Caa = 257,
    Tsig = 250,
    Any = 255,
}

internal enum DnsClass : ushort
{
    In = 1,
    None = 254,
    Any = 255,
}
