using System.Net;
using System.Text.Json;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Containers;

/// <summary>What can go wrong with containers, in words.</summary>
internal static class ContainerProblems
{
    public const string UnreachableCode = "container.engine-unreachable";
    public const string RefusedCode = "container.refused";
    private const int LettersMax = 500;

    /// <param name="address">What was said; null when nothing was, and no socket was found.</param>
    public static Problem NoEngine(string? address) =>
        new(
            "container.no-engine",
            What: "There is no engine that runs containers.",
            Why: address is null
                ? "Nothing says where one is, and there is no socket at /var/run/docker.sock or where Podman has its own."
                : $"'{address}' is no Unix socket.",
            Fix: "Install Docker or Podman, or say where it is: FAIRLEAD_CONTAINERS=unix:///path/docker.sock fairlead up"
        );

    public static Problem Unreachable(string address, string why) =>
        new(
            UnreachableCode,
            What: $"The container engine at {address} does not answer.",
            Why: Short(why),
            Fix: "See that it runs, and that this user may use it: docker version"
        );

    public static Problem Refused(HttpStatusCode status, string body) =>
        new(
            RefusedCode,
            What: "The container engine refused.",
            Why: $"{Short(MessageOf(body))} ({(int)status})",
            Fix: FixOf(MessageOf(body))
        );

    public static Problem NoImage(string image, string why) =>
        new(
            "container.no-image",
            What: $"There is no image '{image}' to run in.",
            Why: Short(why),
            Fix: "Correct 'container: { base: … }' in fairlead.yaml, or fetch it by hand: docker pull " + image
        );

    public static Problem WrongBridge(string said) =>
        new(
            "container.wrong-bridge",
            What: $"{Bridge.Variable} cannot be '{said}'.",
            Why: "It takes a private IPv4 address that no network of this machine has, at which containers reach Fairlead.",
            Fix: $"Write for example: {Bridge.Variable}=172.31.253.1 fairlead up"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem WrongBridgeUrl(string said) =>
        new(
            "container.wrong-bridge-url",
            What: $"{Bridge.UrlVariable} cannot be '{said}'.",
            Why: "Services are told it as the address at which they reach each other: http://, a host and a port. In a pod a '$' in it means that there was no Service when the pod began.",
            Fix: $"Write for example: {Bridge.UrlVariable}=http://10.96.10.20:8081 fairlead up. In a cluster apply the Service first, then: kubectl rollout restart deployment fairlead"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem ImageMoved(string image, string id) =>
        new(
            "container.image-moved",
            What: $"The image '{image}' is not the one that was deployed.",
            Why: $"The engine has lost {id}, and by that name there is another one now.",
            Fix: $"Deploy again to take the new one: fairlead deploy. To be able to go back, name images by digest: {image.Split('@')[0]}@sha256:…"
        );

    private static string FixOf(string message) =>
        message.Contains("port is already allocated", StringComparison.Ordinal)
        || message.Contains("address already in use", StringComparison.Ordinal)
            ? "It is tried again with another port."
        : message.Contains("non-overlapping", StringComparison.Ordinal)
            ? "Docker has no addresses left for networks: docker network prune, or more of them in default-address-pools of /etc/docker/daemon.json."
        : message.Contains("Pool overlaps", StringComparison.Ordinal)
            ? "Another network has the addresses at which containers reach Fairlead. Choose others: FAIRLEAD_BRIDGE=172.31.253.1 fairlead up"
        : message.Contains("no space left", StringComparison.Ordinal)
            ? "Make room: docker system df, docker image prune"
        : message.Contains("container-init", StringComparison.Ordinal)
        || message.Contains("docker-init", StringComparison.Ordinal)
            ? "Install the engine's init: catatonit for Podman, tini for Docker of Debian."
        : message.Contains("executable file not found", StringComparison.Ordinal)
        || message.Contains("no such file or directory", StringComparison.Ordinal)
            ? "The program of 'run' is not in the image: correct 'run', or 'container: { base: … }', in fairlead.yaml."
        : "See what the engine says: docker ps --all, docker info";

    // {"message":"…"}
    private static string MessageOf(string body)
    {
        try
        {
            using var read = JsonDocument.Parse(body);
            return
                read.RootElement.ValueKind == JsonValueKind.Object
                && read.RootElement.TryGetProperty("message", out var message)
                ? message.GetString() ?? body
                : body;
        }
        catch (JsonException)
        {
            return body;
        }
    }

    private static string Short(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= LettersMax ? line : line[..LettersMax] + "…";
    }
}
