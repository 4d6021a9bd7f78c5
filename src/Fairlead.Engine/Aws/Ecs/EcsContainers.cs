using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Ecs;

/// <summary>The one container of a task. Pure.</summary>
internal static class EcsContainers
{
    /// <summary>How long Fargate waits at most from SIGTERM to SIGKILL.</summary>
    public static readonly TimeSpan StopGraceMax = TimeSpan.FromMinutes(2);

    private const int TriesToBeWell = 3;
    private const int IntervalMin = 5;
    private const int IntervalMax = 300;
    private const int TimeoutMin = 2;
    private const int TimeoutMax = 60;

    public static int PortOf(InstanceOrder order) => order.Service.Port ?? ContainerSettings.UsualPort;

    /// <param name="region">Where its lines go.</param>
    public static JsonObject Of(InstanceOrder order, AwsTasks tasks, string image, string region)
    {
        var (service, port) = (order.Service, PortOf(order));
        var env = AwsMarks.EnvOf(order);
        env["PORT"] = AwsRest.Text(port);
        if (service.Registry is not null)
        {
            // What is made here listens as it does in other containers, and is started by its image.
            env.TryAdd("HOST", "0.0.0.0");
            env.TryAdd("ASPNETCORE_URLS", $"http://0.0.0.0:{AwsRest.Text(port)}");
            env.TryAdd("HOME", "/tmp");
        }
        var container = new JsonObject
        {
            ["name"] = service.Name,
            ["image"] = image,
            ["essential"] = true,
            ["portMappings"] = new JsonArray(new JsonObject { ["containerPort"] = port, ["protocol"] = "tcp" }),
            ["environment"] = new JsonArray([
                .. env.Select(static one => (JsonNode?)new JsonObject { ["name"] = one.Key, ["value"] = one.Value }),
            ]),
            ["stopTimeout"] = (int)Math.Clamp(service.StopGrace.TotalSeconds, 1, StopGraceMax.TotalSeconds),
            ["logConfiguration"] = new JsonObject
            {
                ["logDriver"] = "awslogs",
                ["options"] = new JsonObject
                {
                    ["awslogs-group"] = tasks.LogGroup,
                    ["awslogs-region"] = region,
                    ["awslogs-stream-prefix"] = $"{order.Key.Part}",
                },
            },
        };
        if (service is { Registry: null, Recipe.Run: { Count: > 0 } words })
        {
            container["command"] = EcsCalls.Texts(
                words.Select(word => word.Replace("{port}", AwsRest.Text(port), StringComparison.Ordinal))
            );
        }
        if (service.Container?.User is { } user)
        {
            container["user"] = user;
        }
        if (service.Health.Command is { Count: > 0 } check)
        {
            container["healthCheck"] = new JsonObject
            {
                ["command"] = EcsCalls.Texts(["CMD", .. check]),
                ["interval"] = (int)Math.Clamp(service.Health.Every.TotalSeconds, IntervalMin, IntervalMax),
                ["timeout"] = (int)Math.Clamp(service.Health.Timeout.TotalSeconds, TimeoutMin, TimeoutMax),
                ["retries"] = TriesToBeWell,
                ["startPeriod"] = (int)Math.Clamp(service.Health.StartGrace.TotalSeconds, 0, IntervalMax),
            };
        }
        return container;
    }
}
