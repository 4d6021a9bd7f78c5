using System.Globalization;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Dns;

/// <summary>Everyone who may keep names. To add one: write its file in this folder, add its line here.</summary>
public static class AllDnsZones
{
    public static IReadOnlyList<DnsEntry> Entries { get; } =
    [
        new("cloudflare", ["token", "zone-id"], OpenCloudflare),
        new("rfc2136", ["server", "port", "key-name", "key-secret", "zone"], OpenRfc2136),
        new("route53", ["access-key-id", "secret-access-key", "session-token", "zone-id", "endpoint"], OpenRoute53),
    ];

    /// <param name="kind">Such as <c>route53</c>.</param>
    /// <param name="settings">By the names that the kind's entry lists.</param>
    /// <exception cref="Fairlead.Model.Problems.ProblemException">There is no such kind, or a setting is missing, unknown or wrong.</exception>
    public static IDnsZones Open(
        string kind,
        IReadOnlyDictionary<string, string> settings,
        HttpClient http,
        World world
    )
    {
        var entry =
            Entries.FirstOrDefault(one => one.Kind == kind)
            ?? throw DnsProblems.BadSettings(
                kind,
                $"There is no such kind; there are {string.Join(", ", Entries.Select(one => one.Kind))}"
            );
        return settings.Keys.FirstOrDefault(key => !entry.Settings.Contains(key)) is { } unknown
            ? throw DnsProblems.BadSettings(
                kind,
                $"It has no setting '{unknown}'; it has {string.Join(", ", entry.Settings)}"
            )
            : entry.Open(new DnsWords(kind, settings), http, world);
    }

    private static CloudflareZones OpenCloudflare(DnsWords words, HttpClient http, World world) =>
        new(new() { Token = words.Needed("token"), ZoneId = words.Optional("zone-id") }, http, world);

    private static Rfc2136Zones OpenRfc2136(DnsWords words, HttpClient http, World world) =>
        new(
            new()
            {
                Server = words.Needed("server"),
                Port = words.Port("port", otherwise: 53),
                KeyName = words.Needed("key-name"),
                KeySecret = words.Base64("key-secret"),
                Zone = words.Optional("zone"),
            },
            world
        );

    private static Route53Zones OpenRoute53(DnsWords words, HttpClient http, World world)
    {
        var settings = new Route53Zones.Settings
        {
            AccessKeyId = words.Needed("access-key-id"),
            SecretAccessKey = words.Needed("secret-access-key"),
            SessionToken = words.Optional("session-token"),
            ZoneId = words.Optional("zone-id"),
        };
        return new(
            words.Address("endpoint") is { } endpoint ? settings with { Endpoint = endpoint } : settings,
            http,
            world
        );
    }
}

/// <summary>A kind of name keeper.</summary>
/// <param name="Settings">Names of what can be set.</param>
public sealed record DnsEntry(
    string Kind,
    IReadOnlyList<string> Settings,
    Func<DnsWords, HttpClient, World, IDnsZones> Open
);

/// <summary>Settings as they were written, read with findings instead of exceptions. Their values may be secrets: none is printed.</summary>
public sealed class DnsWords(string kind, IReadOnlyDictionary<string, string> settings)
{
    public string Needed(string key) =>
        Optional(key) ?? throw DnsProblems.BadSettings(kind, $"It needs the setting '{key}'");

    public string? Optional(string key) => settings.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    public int Port(string key, int otherwise) =>
        Optional(key) is not { } text ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port
        : throw DnsProblems.BadSettings(kind, $"'{key}' is no port");

    public string Base64(string key) =>
        Convert.TryFromBase64String(Needed(key), new byte[Needed(key).Length], out _)
            ? Needed(key)
            : throw DnsProblems.BadSettings(kind, $"'{key}' is not base64");

    public Uri? Address(string key) =>
        Optional(key) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
        : throw DnsProblems.BadSettings(kind, $"'{key}' is no http or https address");
}
