using Docker.DotNet.Models;
using Fairlead.Drivers.Pipelines;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Pipelines;

public sealed class JobRoomTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["fairlead.pipeline"] = "mark" };

    [Fact]
    public void A_jobs_container_waits_as_the_user_who_runs_it_and_has_the_work_at_a_fixed_place()
    {
        var held = JobRoom.HeldOf(
            "room",
            ("/src/app", "/state/home"),
            new("python:3", "sha256:1"),
            "1000:1000",
            Labels
        );

        Assert.Equal(
            [
                "room of sha256:1 as 1000:1000 in /work: tail -f /dev/null",
                "env CI=true NO_COLOR=1 TERM=dumb HOME=/home/job",
                "bind /src/app at /work rw",
                "bind /state/home at /home/job rw",
                "security no-new-privileges, log none, init True, network room",
                "fairlead.pipeline=mark",
            ],
            Text(held)
        );
    }

    [Fact]
    public void A_server_is_found_by_its_name_and_published_only_where_nothing_else_reaches_it()
    {
        var server = new RoomServer(
            new JobService("db", "postgres:17", [5432, 5432]) { Env = new Dictionary<string, string> { ["A"] = "1" } },
            "sha256:2"
        );
        var inside = RoomServers.Of(server, ("room-db", "room"), isPublished: false, Labels);
        var outside = RoomServers.Of(server, ("room-db", "room"), isPublished: true, Labels);

        Assert.NotNull(inside.HostConfig);
        Assert.NotNull(outside.HostConfig);
        Assert.Equal(["db"], inside.NetworkingConfig?.EndpointsConfig?["room"].Aliases);
        Assert.Equal("room", inside.HostConfig.NetworkMode);
        Assert.Equal(["A=1"], inside.Env);
        Assert.Equal([], inside.HostConfig.PortBindings ?? new Dictionary<string, IList<PortBinding>>());
        var bound = Assert.Single(outside.HostConfig.PortBindings ?? new Dictionary<string, IList<PortBinding>>());
        Assert.Equal("5432/tcp", bound.Key);
        Assert.Equal(("127.0.0.1", ""), (bound.Value[0].HostIP, bound.Value[0].HostPort));
    }

    [Theory]
    [InlineData("db", "DB")]
    [InlineData("my-db2", "MY_DB2")]
    [InlineData("übung.x", "_BUNG_X")]
    public void Variables_begin_with_the_servers_name(string name, string prefix) =>
        Assert.Equal(prefix, RoomServers.Prefix(name));

    private static List<string> Text(CreateContainerParameters held)
    {
        Assert.NotNull(held.HostConfig);
        return
        [
            $"{held.Name} of {held.Image} as {held.User} in {held.WorkingDir}: {string.Join(' ', held.Entrypoint.Concat(held.Cmd))}",
            $"env {string.Join(' ', held.Env)}",
            .. (held.HostConfig.Mounts ?? []).Select(static one =>
                $"{one.Type} {one.Source} at {one.Target} {(one.ReadOnly is true ? "ro" : "rw")}"
            ),
            $"security {string.Join(' ', held.HostConfig.SecurityOpt ?? [])}, log {held.HostConfig.LogConfig?.Type}, init {held.HostConfig.Init}, network {held.HostConfig.NetworkMode}",
            .. held.Labels.Select(static one => $"{one.Key}={one.Value}"),
        ];
    }
}
