using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Publishing;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Lets programs reach this server from outside, at a host of its own, through the edge.</summary>
public static class SetAddress
{
    private const int HostLettersMax = 253;
    private static readonly TimeSpan Hsts = TimeSpan.FromDays(180);

    /// <summary>Where the host's certificate comes from.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<Certificate>))]
    public enum Certificate
    {
        /// <summary>A public authority, by ACME; Fairlead's own for names that can only be local.</summary>
        [JsonStringEnumMemberName("auto")]
        Auto,

        /// <summary>Fairlead's own authority.</summary>
        [JsonStringEnumMemberName("local")]
        Local,

        /// <summary>Another program in front speaks TLS.</summary>
        [JsonStringEnumMemberName("off")]
        Off,
    }

    public sealed record Input
    {
        [Description("A host name that leads to the edge, such as fairlead.example.com; no app's.")]
        [Positional]
        public required string Host { get; init; }

        [Description("Where its certificate comes from; off where another program in front of the edge speaks TLS.")]
        public Certificate Tls { get; init; } = Certificate.Auto;

        [Description("Where the authority may write to.")]
        public string? Email { get; init; }

        [Description("Who signs it: letsencrypt, zerossl, or the https address of an ACME directory.")]
        public IReadOnlyList<string> Authority { get; init; } = [];

        [Description("A file on the server with the PEM certificate of who signed the authority's own address.")]
        public string? Root { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, AddressView>(
            "address.set",
            "Let programs reach this server from outside, at a host of its own.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead address set fairlead.example.com --email ops@example.com",
                "fairlead address set fairlead.internal --tls local",
            ],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<AddressView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var host = input.Host.ToLowerInvariant();
        if (Fault(host) is { } fault)
        {
            throw new ProblemException(Wrong(input.Host, fault));
        }
        if (input.Authority.FirstOrDefault(static one => !IsAuthority(one)) is { } unknown)
        {
            throw new ProblemException(
                Wrong(
                    unknown,
                    "An authority is letsencrypt, letsencrypt-staging, zerossl, or the https address of a directory."
                )
            );
        }
        var address = new PublicAddress(
            host,
            new()
            {
                Mode = Enum.Parse<TlsMode>(input.Tls.ToString()),
                Authorities = input.Authority.Count > 0 ? input.Authority : [TlsPolicy.LetsEncrypt],
                Email = input.Email,
                TrustedRoot = input.Root,
                Https = new(Redirects: false, input.Tls is Certificate.Auto && !TlsPolicy.IsLocal(host) ? Hsts : null),
            }
        );
        await AccessWrites.CommitAsync(
            engine,
            $"this server is reached from outside at {host}, TLS {input.Tls.ToString().ToLowerInvariant()}",
            PublicAddress.Keep(address),
            stop
        );
        await engine.Server.Address.SettleAsync(stop);
        engine.Server.Certificates.Ring();
        return await ShowAddress.ViewAsync(engine, stop);
    }

    /// <summary>Why a name cannot be the host; null when it can.</summary>
    internal static string? Fault(string host) =>
        host.Length is 0 or > HostLettersMax || Uri.CheckHostName(host) is not UriHostNameType.Dns || host.EndsWith('.')
            ? "It has to be a host name, without https:// and port."
        : host is "localhost" ? "That is what every machine calls itself."
        : null;

    private static bool IsAuthority(string name) =>
        name is "letsencrypt" or "letsencrypt-staging" or "zerossl"
        || (Uri.TryCreate(name, UriKind.Absolute, out var url) && url.Scheme is "https");

    private static Problem Wrong(string text, string why) =>
        new(
            "address.wrong",
            What: $"{Shown.Quoted(text)} cannot be used for this server's address.",
            Why: why,
            Fix: "Write for example: fairlead address set fairlead.example.com --email ops@example.com"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
