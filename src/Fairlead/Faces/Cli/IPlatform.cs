using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli;

/// <summary>A platform, as far as a command needs it: that of a state folder, or of a server elsewhere.</summary>
public interface IPlatform
{
    /// <summary>Where it keeps everything; for a server elsewhere, where this machine keeps notes of faults.</summary>
    string Folder { get; }

    /// <summary>Has the server do an operation.</summary>
    /// <exception cref="ProblemException">The server does not answer, or the operation could not be done.</exception>
    Task<JsonNode> AskAsync(string operation, JsonObject input, CancellationToken stop);

    /// <summary>Lets the server have a folder of this machine; nothing is to be done when it sees the same disk.</summary>
    /// <param name="folder">Absolute path.</param>
    /// <param name="sent">What of it is needed.</param>
    /// <param name="progress">Told in words what goes on.</param>
    /// <returns>What the folder is called at the server.</returns>
    /// <exception cref="ProblemException">It cannot be read, or the server does not take it.</exception>
    Task<string> BringAsync(string folder, Sent sent, Action<string> progress, CancellationToken stop);

    /// <summary>Starts it in the background and waits until it is ready; at once when it runs already.</summary>
    /// <param name="progress">Told in words what goes on.</param>
    /// <exception cref="ProblemException">It did not become ready in time.</exception>
    Task StartAsync(Action<string> progress, CancellationToken stop);
}
