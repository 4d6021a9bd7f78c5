using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Pipelines;

/// <summary>What can go wrong with jobs in images and servers beside jobs, in words.</summary>
internal static class RoomProblems
{
    public static Problem NoImage(string image, string why) =>
        new(
            "pipeline.no-image",
            What: $"The image {image} is not here, and could not be fetched.",
            Why: why,
            Fix: $"Correct its name in the pipeline, or see that its registry answers, and fetch it by hand: docker pull {image}"
        );

    public static Problem ServerEnded(RoomServer server, long? code, IReadOnlyList<string> lines) =>
        new(
            "pipeline.server-not-ready",
            What: string.Create(
                CultureInfo.InvariantCulture,
                $"The server '{server.Server.Name}' ({server.Server.Image}) ended before it was ready, with exit code {code}."
            ),
            Why: lines is [.., var last] ? last : "It printed nothing.",
            Fix: "See what it printed; most images want variables, which 'env' of the server gives."
        )
        {
            Evidence = lines,
        };

    public static Problem ServerLate(RoomServer server, string said, IReadOnlyList<string> lines) =>
        new(
            "pipeline.server-not-ready",
            What: $"The server '{server.Server.Name}' ({server.Server.Image}) did not become ready.",
            Why: said,
            Fix: server.Server.Ready.Count > 0
                ? "See what it printed, and whether 'ready' can end well."
                : "See what it printed; correct 'ports', or say with 'ready' which command in it ends well when it is ready."
        )
        {
            Evidence = lines,
        };

    public static Problem CannotHold(RoomImage image, string why) =>
        new(
            "pipeline.image-cannot-hold",
            What: $"No container of {image.Name} can be held open for the tasks of a job.",
            Why: why,
            Fix: "The image needs the program 'tail', as jobs of GitHub do: take one with a shell and its tools."
        );

    public static Problem NotInImage(RoomImage image, string program, string why) =>
        new(
            "pipeline.cannot-start",
            What: $"'{program}' could not be started in {image.Name}.",
            Why: why,
            Fix: "Take an image that has it, or correct the command; what only a shell understands belongs into 'script'."
        );

    public static Problem Gone(RoomImage image) =>
        new(
            "pipeline.container-gone",
            What: $"The container of {image.Name} ended while a task ran in it.",
            Why: "Somebody removed it, its memory was over, or the engine was restarted.",
            Fix: "Run it again; see what the engine says: docker info"
        );
}
