using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Faces.Http;

/// <summary>A program's own token, <c>fla_...</c>, shown as the owner's is.</summary>
/// <param name="fence">Under which it is remembered that a token was used.</param>
internal sealed class TokenCredential(TokenDesk desk, Func<Fence> fence) : ICredential
{
    public async ValueTask<Principal?> FindAsync(HttpContext http, CancellationToken stop)
    {
        if (ShownToken.In(http.Request) is not { } shown || !AccessToken.IsMeant(shown))
        {
            return null;
        }
        try
        {
            return await desk.ReadAsync(shown, fence, stop);
        }
        catch (ProblemException caught) when (caught.Problem.Trouble is Trouble.NotAllowed)
        {
            throw new Refused(StatusCodes.Status401Unauthorized, caught.Problem);
        }
    }
}
