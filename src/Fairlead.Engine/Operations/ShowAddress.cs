using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Certificates;
using Fairlead.Engine.Guarding.Publishing;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Operations;

/// <summary>Where this server is reached from outside.</summary>
/// <param name="Url">Null when it is not.</param>
/// <param name="Tls">auto, local or off.</param>
/// <param name="State">ready, or what is missing.</param>
public sealed record AddressView(
    string? Url,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Tls,
    string State
);

/// <summary>Says where this server is reached from outside, and what is missing there.</summary>
public static class ShowAddress
{
    public sealed record Input;

    public static Operation Operation { get; } =
        new Operation<Input, AddressView>(
            "address.show",
            "Show where programs reach this server from outside.",
            Effect.Reads,
            static (_, engine, stop) => ViewAsync(engine, stop)
        )
        {
            Examples = ["fairlead address show"],
            Needs = Need.OfAll(Permission.See),
        };

    internal static async Task<AddressView> ViewAsync(EngineContext engine, CancellationToken stop)
    {
        var address = await PublicAddress.ReadAsync(engine.Server.Store, stop);
        if (address is null)
        {
            return new(
                null,
                null,
                "This server is reached on its own machine alone. Change it: fairlead address set HOST"
            );
        }
        var tls = address.Tls.Mode.ToString().ToLowerInvariant();
        return new($"https://{address.Host}", tls, await StateAsync(engine, address, stop));
    }

    private static async Task<string> StateAsync(EngineContext engine, PublicAddress address, CancellationToken stop)
    {
        if (engine.Server.Address.Trouble is { } trouble)
        {
            return $"The edge does not lead here: {trouble.Why} {trouble.Fix}";
        }
        if (address.Tls.Mode is TlsMode.Off)
        {
            return "ready, behind whatever speaks TLS for it";
        }
        var views = await engine.Server.Certificates.ViewsAsync(stop);
        return views.FirstOrDefault(one => one.Need.Host == address.Host) switch
        {
            { Held: not null } view
                when CertificatePlan.StateOf(view.Held, view.Record, engine.World.Now)
                    is not CertificateState.Expired => "ready",
            { Record.Trouble: { } why } => $"It has no certificate yet: {why}",
            _ => "It waits for its certificate; see: fairlead certificate list",
        };
    }
}
