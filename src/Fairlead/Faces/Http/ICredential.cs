using Fairlead.Model.Security;

namespace Fairlead.Faces.Http;

/// <summary>One way to show who asks: a token, a session's cookie, a client's certificate.</summary>
internal interface ICredential
{
    /// <summary>Whether it is good from outside too, where it crosses networks.</summary>
    bool IsForOutside => true;

    /// <summary>Who asks; null when the request shows nothing of this kind.</summary>
    /// <exception cref="Refused">It shows something of this kind that is not good.</exception>
    ValueTask<Principal?> FindAsync(HttpContext http, CancellationToken stop);
}
