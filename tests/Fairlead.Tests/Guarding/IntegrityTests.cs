using System.Text.Json;
using Fairlead.Drivers.State;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Integrity;
using Fairlead.Engine.Guarding.Scanning;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Tests.Fakes;
using Fairlead.Tests.Guarding.Scanning;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Guarding;

/// <summary>What is kept is read again and again, and a byte that has changed is told.</summary>
public sealed class IntegrityTests : IDisposable
{
    private static readonly World World = new(TimeProvider.System, new Random(1));
    private static readonly Site Shop = new("shop", "production");
    private static readonly string Artifact = new('a', 64);
    private static readonly string List = $"x {new string('1', 64)} api\n";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fairlead-integrity-");
    private readonly MemoryStore store = new(World);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task An_artifact_in_which_a_byte_was_changed_is_told_once_and_counted_as_long_as_it_is_so()
    {
        var key = new SigningKey(Path.Combine(folder.FullName, "key.pem"));
        var papers = new Papers(Provenance.Sign(PapersTests.Built, ArtifactList.DigestOf(List), key));
        var fence = await store.TakeChargeAsync("test", Stop);
        await ReleaseAsync(fence);
        var desk = new IntegrityDesk(store, () => fence, (papers, key), World, NullLogger<IntegrityDesk>.Instance);

        Assert.Equal((1, 0), Counts(await desk.ScrubAsync(Stop)));
        papers.Now = List.Replace('1', '2');
        Assert.Equal((1, 1), Counts(await desk.ScrubAsync(Stop)));
        Assert.Equal((1, 1), Counts(await desk.ScrubAsync(Stop)));
        var told = Assert.Single(store.Journal, static one => one.Kind == "integrity-broken");
        Assert.StartsWith($"{Shop} {Artifact}: ", told.Text, StringComparison.Ordinal);

        papers.Now = null; // It was tidied up: it is built again when it is needed.
        Assert.Equal((1, 0), Counts(await desk.ScrubAsync(Stop)));
    }

    private static (int Artifacts, int Faults) Counts(Scrub scrub) => (scrub.Artifacts, scrub.Faults.Count);

    private async Task ReleaseAsync(Fence fence)
    {
        var service = PapersTests.Built.Order.Service;
        var release = new Release
        {
            Site = Shop,
            Number = 1,
            Hosts = [],
            Source = "/",
            At = World.Now,
            Services = [new(service, new("api", 1), Artifact, new("rolling", JsonSerializer.SerializeToElement(0)))],
        };
        await store.CommitAsync(
            new Change(fence)
            {
                Writes =
                [
                    new Write(Records.Sites, Shop.ToString(), Records.Body(new SiteRecord(Shop) { Live = 1 })),
                    new Write(Records.Releases, Memory.ReleaseKey(Shop, 1), Records.Body(release)),
                ],
            },
            Stop
        );
    }

    private sealed class Papers(string signed) : IArtifactPapers
    {
        public string? Now { get; set; } = List;

        public Task<string?> ReadAsync(string artifact, string name, CancellationToken stop) =>
            Task.FromResult<string?>(name == Provenance.Paper ? signed : List);

        public Task<string?> ListAsync(string artifact, CancellationToken stop) => Task.FromResult(Now);
    }
}
