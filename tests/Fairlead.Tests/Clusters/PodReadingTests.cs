using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Clusters;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Clusters;

public sealed class PodReadingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 30, TimeSpan.Zero);
    private static readonly InstanceKey Key = new(new Site("shop", "production"), new Part("api", 42), 0);

    [Theory]
    // what the pod says => what that is
    [InlineData("""{"phase":"Pending"}""", "Starting")]
    [InlineData("""{"phase":"Running","podIP":"10.0.0.7","conditions":[READY]}""", "Ready http://10.0.0.7:8080/")]
    [InlineData("""{"phase":"Running","podIP":"fd00::7","conditions":[READY]}""", "Ready http://[fd00::7]:8080/")]
    [InlineData("""{"phase":"Running","podIP":"10.0.0.7","conditions":[NEVER]}""", "Starting http://10.0.0.7:8080/")]
    [InlineData(
        """{"podIP":"10.0.0.7","conditions":[FELL]}""",
        "Down http://10.0.0.7:8080/ cluster.unhealthy: containers with unready status: [api]"
    )]
    [InlineData(
        """{"conditions":[FELL],"containerStatuses":[{"restartCount":3,"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}""",
        "Down cluster.crashed: The system ended it for want of memory (OOMKilled). The cluster starts it again. ended 3"
    )]
    [InlineData(
        """{"conditions":[NEVER],"containerStatuses":[{"restartCount":1,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":3,"reason":"Error"}}}]}""",
        "Failed cluster.ended-at-start: It ended with code 3. ended 1"
    )]
    [InlineData(
        """{"conditions":[NEVER],"containerStatuses":[{"state":{"terminated":{"exitCode":139,"reason":"Error"}}}]}""",
        "Failed cluster.ended-at-start: Signal 11 ended it. ended"
    )]
    [InlineData(
        """{"containerStatuses":[{"state":{"terminated":{"exitCode":128,"reason":"StartError","message":"exec: \"nope\": no such file"}}}]}""",
        "Failed cluster.ended-at-start: It could not be started: exec: \"nope\": no such file ended"
    )]
    [InlineData(
        """{"containerStatuses":[{"state":{"waiting":{"reason":"ErrImageNeverPull","message":"not present"}}}]}""",
        "Failed cluster.pod-waits: ErrImageNeverPull: not present"
    )]
    [InlineData(
        """{"containerStatuses":[{"state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off"}}}]}""",
        "Starting cluster.pod-waits: ImagePullBackOff: Back-off"
    )]
    [InlineData("""{"containerStatuses":[{"state":{"waiting":{"reason":"ContainerCreating"}}}]}""", "Starting")]
    [InlineData(
        """{"conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/1 nodes are available"}]}""",
        "Starting cluster.pod-waits: No machine takes it: 0/1 nodes are available"
    )]
    // Somebody else's nonsense is no pod that runs.
    [InlineData("""{"conditions":7,"containerStatuses":"x","podIP":"not one"}""", "Starting")]
    public void What_a_pod_says_is_what_a_replica_is(string status, string expected)
    {
        var written = status
            .Replace("READY", """{"type":"Ready","status":"True"}""", StringComparison.Ordinal)
            .Replace("NEVER", Conditions("2026-11-27T12:00:00Z"), StringComparison.Ordinal)
            .Replace("FELL", Conditions("2026-11-27T12:00:20Z"), StringComparison.Ordinal);

        Assert.Equal(expected, Text(Read(written, Now)));
    }

    [Fact]
    public void What_waits_for_longer_than_a_start_may_take_has_failed()
    {
        const string waiting =
            """{"containerStatuses":[{"state":{"waiting":{"reason":"ImagePullBackOff","message":"x"}}}]}""";

        Assert.Equal(InstanceState.Starting, Read(waiting, Now + TimeSpan.FromSeconds(29)).State);
        Assert.Equal(InstanceState.Failed, Read(waiting, Now + TimeSpan.FromSeconds(31)).State);
    }

    [Fact]
    public void A_pod_that_is_being_removed_is_stopping_whatever_else_it_says()
    {
        var pod = Pod("""{"conditions":[{"type":"Ready","status":"True"}]}""");
        pod["metadata"]!["deletionTimestamp"] = "2026-11-27T12:00:29Z";

        Assert.Equal(InstanceState.Stopping, PodReading.Of(pod, Key, Service(), Now).State);
    }

    private static string Conditions(string since) =>
        """{"type":"Initialized","status":"True","lastTransitionTime":"2026-11-27T12:00:00Z"},{"type":"Ready","status":"False","lastTransitionTime":"SINCE","message":"containers with unready status: [api]"}""".Replace(
            "SINCE",
            since,
            StringComparison.Ordinal
        );

    private static PodSight Read(string status, DateTimeOffset now) => PodReading.Of(Pod(status), Key, Service(), now);

    private static JsonObject Pod(string status) =>
        new()
        {
            ["metadata"] = new JsonObject { ["name"] = "api-42-x", ["creationTimestamp"] = "2026-11-27T12:00:00Z" },
            ["status"] = JsonNode.Parse(status),
        };

    private static Service Service() =>
        new()
        {
            Name = "api",
            Kind = Kind.Api,
            Path = ".",
            Recipe = new() { Stack = "custom", Run = ["serve"] },
            Health = new() { Http = "/healthz" },
            Replicas = 1,
            Routes = ["/"],
        };

    private static string Text(PodSight seen) =>
        string.Join(
            ' ',
            new[]
            {
                $"{seen.State}",
                seen.Endpoint?.ToString(),
                seen.Problem is { } problem ? $"{problem.Code}: {problem.Why}" : null,
                seen.HasEnded ? "ended" : null,
                seen.Restarts == 0 ? null : seen.Restarts.ToString(CultureInfo.InvariantCulture),
            }.OfType<string>()
        );
}
