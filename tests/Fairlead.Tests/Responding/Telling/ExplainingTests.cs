using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Drivers.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Responding.Telling;

/// <summary>What people are told beside what is wrong: what changed just before, and what to do.</summary>
public sealed class ExplainingTests
{
    private static readonly Site Shop = new("shop", "production");

    private readonly WritingStore store;
    private readonly Explaining explaining;

    public ExplainingTests()
    {
        var world = new World(new FakeTimeProvider(Words.Noon), new Random(1));
        store = new(world);
        explaining = new(
            new Scenes(store, world),
            new IncidentBook(store, () => new Fence(0)),
            new AnswerLinks(
                _ => Task.FromResult<ISeal>(new PlainSeal("key")),
                static () => "https://fairlead.example.com",
                world
            )
        );
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_went_live_before_it_began_and_what_to_do_is_said()
    {
        var deployment = new Deployment
        {
            Id = "d42",
            Site = Shop,
            Release = 42,
            RequestedAt = Words.At(-90),
            Deadline = Words.At(900),
            Phase = DeploymentPhase.Promoted,
            EndedAt = Words.At(-60),
        };
        await WriteAsync(
            Records.Sites,
            $"{Shop}",
            Records.Body(new SiteRecord(Shop) { Live = 42, History = [41, 42] })
        );
        await WriteAsync(Records.Deployments, deployment.Key, Records.Body(deployment));

        Assert.Equal(
            ["before", "Suspected: release 42 went live. It went live 60 s before it began.", "To do: Take it back."],
            await NotesAsync("app=shop environment=production service=api")
        );
    }

    [Fact]
    public async Task Where_nothing_is_known_only_what_to_do_is_said_and_of_no_site_nothing()
    {
        Assert.Equal(["before", "To do: Take it back."], await NotesAsync("app=shop environment=production"));
        Assert.Equal(["before"], await NotesAsync("instance=a"));
    }

    [Fact]
    public async Task Of_what_is_over_nothing_is_explained() =>
        Assert.Same(Notices.Resolved, await explaining.OfAsync(Notices.Resolved, Stop));

    private async Task<IReadOnlyList<string>> NotesAsync(string labels)
    {
        var alert = Words.Fires("Wrong", labels) with { Annotations = Labels.Of([new("action", "Take it back.")]) };
        var news = Notices.Of("n1", [alert]) with { Notes = ["before"] };
        return (await explaining.OfAsync(news, Stop)).Notes;
    }

    private Task WriteAsync(string collection, string key, System.Text.Json.Nodes.JsonNode body) =>
        store.CommitAsync(new Change(new Fence(0)) { Writes = [new Write(collection, key, body)] }, Stop);
}
