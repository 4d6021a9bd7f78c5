using System.Text.Json.Nodes;

namespace Fairlead.Drivers.Forges;

/// <summary>One request of a forge's API.</summary>
/// <param name="Path">Below the API's address, with its query.</param>
/// <param name="Body">Null for none.</param>
internal sealed record ForgeCall(HttpMethod Method, string Path, JsonObject? Body = null)
{
    public static ForgeCall Get(string path) => new(HttpMethod.Get, path);
}

/// <summary>How one kind of forge is spoken to: pure, what is asked and what the answers mean.</summary>
internal interface IForgeDialect
{
    /// <summary>The header that shows a token.</summary>
    (string Name, string Value) Showing(string token);

    ForgeCall OpenChanges(string branch);

    /// <summary>The change of this branch in the repository itself; null for none.</summary>
    int? ReadChange(JsonNode? answer, string branch);

    ForgeCall Change(int number);

    bool ReadIsOpen(JsonNode? answer);

    /// <param name="page">1 for the first.</param>
    ForgeCall Comments(int change, int page);

    ForgeCall AddComment(int change, string text);

    ForgeCall EditComment(int change, long comment, string text);

    ForgeCall Status(string commit, Model.Ports.ForgeStatus status);

    /// <summary>Whether a refusal only says that it is so already.</summary>
    bool IsDoneAlready(int status, string body) => false;
}
