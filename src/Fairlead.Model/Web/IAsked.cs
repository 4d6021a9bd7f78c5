namespace Fairlead.Model.Web;

/// <summary>What rules may look at of a request.</summary>
public interface IAsked
{
    /// <summary>Decoded, with a slash in front.</summary>
    string Path { get; }

    /// <summary>Without port.</summary>
    string Host { get; }

    /// <summary>Null when the request has no such header.</summary>
    string? Header(string name);

    string? Cookie(string name);

    string? Query(string name);
}
