namespace Fairlead.Drivers.Certificates.Acme;

/// <summary>Checks host names before an authority sees them: each refusal there counts against a limit.</summary>
internal static class Hosts
{
    private const int HostsMax = 100;
    private const int NameMax = 253;
    private const int LabelMax = 63;

    /// <returns>What is wrong, in words; null when all is well.</returns>
    public static string? Fault(IReadOnlyList<string> hosts) =>
        hosts.Count is < 1 or > HostsMax ? $"{hosts.Count} hosts were given, 1 to {HostsMax} fit into one certificate"
        : hosts.Distinct(StringComparer.Ordinal).Count() < hosts.Count ? "a host is given twice"
        : hosts.Select(Fault).FirstOrDefault(fault => fault is not null);

    private static string? Fault(string host)
    {
        var labels = (host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host).Split('.');
        return host.Length > NameMax ? $"'{host[..32]}...' is longer than {NameMax} characters"
            : labels.Length < 2 ? $"'{host}' has no dot: no public authority signs for it"
            : labels[^1].All(char.IsAsciiDigit) ? $"'{host}' is an address, not a name"
            : labels.All(IsLabel) ? null
            : $"'{host}' is no host name: lower-case letters, digits and hyphens, other letters as punycode";
    }

    private static bool IsLabel(string label) =>
        label.Length is >= 1 and <= LabelMax
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '-');
}
