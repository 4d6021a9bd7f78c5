using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Certificates;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Guarding.Publishing;

/// <summary>The host at which this Fairlead's own API is reached from outside, through its edge.</summary>
/// <param name="Host">Lower case, without port.</param>
/// <param name="Tls">Where its certificate comes from; <see cref="TlsMode.Off"/> where another program in front speaks TLS.</param>
public sealed record PublicAddress(string Host, TlsPolicy Tls)
{
    private const string Collection = "address";
    private const string Key = "api";

    private static readonly Part Api = new("api", 1);

    /// <summary>The one that is set; null when nobody reaches it from outside.</summary>
    public static async Task<PublicAddress?> ReadAsync(IStore store, CancellationToken stop) =>
        await store.ReadAsync(Collection, Key, stop) is { } document ? Records.Read<PublicAddress>(document) : null;

    /// <summary>What keeps an address; null takes it away.</summary>
    public static Write Keep(PublicAddress? address) =>
        new(Collection, Key, address is null ? null : Records.Body(address));

    /// <summary>What the edge has to know of it.</summary>
    /// <param name="api">Where this server answers, on the machine's own address.</param>
    public static Routing RoutingOf(PublicAddress? address, Uri api) =>
        address is null
            ? Routing.None(AccessBook.Platform)
            : new(
                AccessBook.Platform,
                [address.Host],
                [
                    new ServiceRouting
                    {
                        Service = Api.Service,
                        Routes = ["/"],
                        Backends = [new(Api, Share.All, [new(new InstanceKey(AccessBook.Platform, Api, 0), api)])],
                        HealthPath = "/healthz",
                        Https = address.Tls.Mode is TlsMode.Off ? null : address.Tls.Https,
                    },
                ]
            );

    /// <summary>The certificate it must have; null where none.</summary>
    public NeededCertificate? Certificate => NeededCertificate.Of(AccessBook.Platform, Host, Tls);
}
