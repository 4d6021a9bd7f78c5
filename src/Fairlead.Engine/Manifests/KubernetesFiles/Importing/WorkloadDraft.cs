using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.KubernetesFiles.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>A workload on its way into the manifest.</summary>
/// <param name="Name">In the manifest.</param>
/// <param name="Service">The Service that others find it by; null where there is none.</param>
/// <param name="Said">Its container.</param>
internal sealed record WorkloadDraft(string Name, ClusterObject Object, ClusterObject? Service, Piece.Group Said)
{
    public required Cast Cast { get; init; }

    public required Notes Notes { get; init; }

    public required string Image { get; init; }

    public KnownImage? Known => KnownImages.Of(Image);

    /// <summary>Where it listens; null when nothing tells that it does.</summary>
    public int? Port { get; init; }

    /// <summary>Requests from outside are led to it.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The Service that is open to the outside by itself; null where there is none.</summary>
    public ClusterObject? Published { get; init; }

    public Piece.Group Pod => ClusterObject.Group(Cast.TemplateOf(Object), "spec") ?? new Piece.Group(Object.Place, []);

    /// <summary>Fairlead's own export wrote it, so what Fairlead tells every program needs not be said.</summary>
    public bool IsOurs =>
        ClusterObject.Labels(Object.Root).GetValueOrDefault("app.kubernetes.io/managed-by") == "fairlead";

    public JsonObject Keys { get; } = [];

    public JsonObject Env { get; } = [];

    public JsonObject Secrets { get; } = [];

    public JsonObject Container { get; } = [];

    public SortedSet<string> Uses { get; } = new(StringComparer.Ordinal);

    public void NotTaken(Place place, string key, string why, string fix) =>
        Notes.Say(place, KubernetesReports.NotTaken(Object.Shown, key, why, fix));

    public void Changed(Place place, string key, string now, string fix) =>
        Notes.Say(place, KubernetesReports.Changed(Object.Shown, key, now, fix));

    /// <summary>Says what becomes of each key of a group that nothing has taken.</summary>
    public void Rest(Piece.Group? group, string path, params ReadOnlySpan<string> taken)
    {
        foreach (var entry in group?.Entries ?? [])
        {
            if (
                !taken.Contains(entry.Key)
                && !OtherFields.Kept.Contains(entry.Key)
                && entry.Value
                    is not (
                        Piece.Word { IsNothing: true }
                        or Piece.Row { Items.Count: 0 }
                        or Piece.Group { Entries.Count: 0 }
                    )
            )
            {
                var (why, fix) = OtherFields.Of(entry.Key);
                NotTaken(entry.Place, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", why, fix);
            }
        }
    }
}
