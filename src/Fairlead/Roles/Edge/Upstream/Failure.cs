namespace Fairlead.Roles.Edge.Upstream;

/// <summary>How sending a request to a replica ended.</summary>
internal enum Sent
{
    /// <summary>The answer reached the client whole.</summary>
    Whole,

    /// <summary>No byte of the request reached the app: nobody listens there, or nobody takes the connection.</summary>
    Unreached,

    /// <summary>The connection ended before an answer began.</summary>
    NoAnswer,

    /// <summary>What came is no HTTP/1.1 answer.</summary>
    BadAnswer,

    /// <summary>Nothing came for too long.</summary>
    Late,

    /// <summary>The answer ended in the middle, by the app's doing.</summary>
    Broken,

    /// <summary>The client went away, or its body did not come as it said.</summary>
    ClientGone,
}

/// <summary>A replica's bytes are not what HTTP/1.1 allows.</summary>
internal sealed class BadAnswerException(string why) : Exception(why);
