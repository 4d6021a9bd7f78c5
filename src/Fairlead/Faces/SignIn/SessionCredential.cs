using Fairlead.Engine.Operations.Identity;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Http;
using Fairlead.Model.Security;

namespace Fairlead.Faces.SignIn;

/// <summary>Somebody who signed in with a browser, by its cookie. What changes something must come from a page of ours.</summary>
internal sealed class SessionCredential(SignInDesk desk) : ICredential
{
    public async ValueTask<Principal?> FindAsync(HttpContext http, CancellationToken stop)
    {
        if (await desk.KnowAsync(Browser.SecretOf(http.Request), stop) is not { } person)
        {
            return null;
        }
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            if (http.Request.Path == Acting.Path)
            {
                // A form cannot send a header of its own; it carries a proof instead, which the face looks at.
                SameOrigin.CheckForm(http.Request);
            }
            else
            {
                SameOrigin.Check(http.Request);
            }
        }
        return person;
    }
}
