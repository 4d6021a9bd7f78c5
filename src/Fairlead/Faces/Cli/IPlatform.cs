using System.Text.Json.Nodes;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli;

/// <summary>The platform behind a state folder, as far as a command needs it.</summary>
public interface IPlatform
{
    /// <summary>Where it keeps everything.</summary>
    string Folder { get; }

    /// <summary>Has the server do an operation.</summary>
    /// <exception cref="ProblemException">The server does not answer, or the operation could not be done.</exception>
    Task<JsonNode> AskAsync(string operation, JsonObject input, CancellationToken stop);

    /// <summary>Starts it in the background and waits until it is ready; at once when it runs already.</summary>
    /// <param name="progress">Told in words what goes on.</param>
    /// <exception cref="ProblemException">It did not become ready in time.</exception>
    Task StartAsync(Action<string> progress, CancellationToken stop);
}
