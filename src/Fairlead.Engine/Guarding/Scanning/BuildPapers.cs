using System.Text.Json;
using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>Describes every artifact when it is built: what it is made of (CycloneDX) and who made it from what (SLSA), signed.</summary>
public sealed class BuildPapers(Func<string, IFileTree> open, FolderScan scan, ISigner signer) : IBuildWitness
{
    public const string SbomPaper = "cdx.json";

    /// <summary>The inventory as the engine reads it again, for scans of what runs.</summary>
    public const string PartsPaper = "parts.json";

    private static readonly JsonSerializerOptions Whole = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>What an artifact is made of; null where nobody wrote it down.</summary>
    public static async Task<Inventory?> InventoryAsync(IArtifactPapers papers, string artifact, CancellationToken stop)
    {
        try
        {
            return
                await papers.ReadAsync(artifact, PartsPaper, stop) is { } text
                && JsonSerializer.Deserialize<Inventory>(text, Whole) is { } inventory
                && inventory.Components.All(static one => one is not null)
                ? inventory
                : null;
        }
        catch (JsonException)
        {
            return null; // Half a paper says nothing.
        }
    }

    public Task<IReadOnlyDictionary<string, string>> AttestAsync(
        BuiltArtifact built,
        string list,
        CancellationToken stop
    )
    {
        var source = open(built.Order.Source);
        var path = built.Order.Service.Path;
        var inventory = scan.Inventory(path is "" or "." ? source : source.Inside(path), development: true, stop);
        var sbom = Sbom.CycloneDx(
            $"{built.Order.App}/{built.Order.Service.Name}",
            built.Artifact,
            inventory,
            built.Ended
        );
        return Task.FromResult<IReadOnlyDictionary<string, string>>(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [SbomPaper] = sbom.ToJsonString(),
                [PartsPaper] = JsonSerializer.Serialize(inventory, JsonSerializerOptions.Web),
                [Provenance.ListPaper] = list,
                [Provenance.Paper] = Provenance.Sign(built, ArtifactList.DigestOf(list), signer),
            }
        );
    }
}
