using System.Text;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Operations.States;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Faces.Http;

/// <summary>
/// Keeps Terraform's state: <c>backend "http"</c> with the address <c>/terraform/APP/ENVIRONMENT</c>, for the lock and the unlock too, and a
/// token as the password. Methods and answers are those of Terraform 1.11.
/// </summary>
internal static class StateFace
{
    private const string Place = "/terraform/{app}/{environment}";

    public static void Map(WebApplication app, EngineContext engine, Gatekeeper gatekeeper)
    {
        Answer("GET", ReadAsync);
        Answer("POST", WriteAsync);
        Answer("DELETE", DeleteAsync);
        Answer("LOCK", LockAsync);
        Answer("UNLOCK", UnlockAsync);

        void Answer(string method, Func<Call, CancellationToken, Task> act) =>
            app.MapMethods(
                    Place,
                    [method],
                    async http =>
                    {
                        var site = SiteOf(http);
                        await gatekeeper.DemandAsync(
                            (Door.CallerOf(http), Permission.Operate, site),
                            $"Terraform's state of {site}",
                            http.RequestAborted
                        );
                        await act(new(http, engine.Server.TerraformStates, site), http.RequestAborted);
                    }
                )
                .WithMetadata(EndpointPolicy.Anywhere(Permission.Operate));
    }

    private sealed record Call(HttpContext Http, StateDesk Desk, Site Site)
    {
        public string? LockId => Http.Request.Query["ID"] is [{ Length: > 0 } id] ? id : null;

        public string By => Door.CallerOf(Http).Name;
    }

    private static async Task ReadAsync(Call call, CancellationToken stop)
    {
        call.Http.Response.Headers.CacheControl = "no-store";
        if (await call.Desk.ReadAsync(call.Site, stop) is not { } text)
        {
            call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        call.Http.Response.ContentType = "application/json";
        await call.Http.Response.WriteAsync(text, stop);
    }

    private static async Task WriteAsync(Call call, CancellationToken stop)
    {
        var text = await BodyAsync(call.Http, StateDesk.BytesMax, stop);
        if (call.Http.Request.Headers.ContentMD5 is [{ } md5] && !StateDesk.IsWhole(text, md5))
        {
            throw new Refused(StatusCodes.Status400BadRequest, Damaged());
        }
        await call.Desk.WriteAsync((call.Site, call.LockId), text, call.By, stop);
    }

    private static Task DeleteAsync(Call call, CancellationToken stop) =>
        call.Desk.DeleteAsync((call.Site, call.LockId), call.By, stop);

    private static async Task LockAsync(Call call, CancellationToken stop)
    {
        var info = await BodyAsync(call.Http, 64 << 10, stop);
        if (await call.Desk.LockAsync(call.Site, info, call.By, stop) is not { } held)
        {
            return;
        }
        // Terraform shows its user what the holder said.
        call.Http.Response.StatusCode = StatusCodes.Status423Locked;
        call.Http.Response.ContentType = "application/json";
        await call.Http.Response.WriteAsync(held, stop);
    }

    private static async Task UnlockAsync(Call call, CancellationToken stop) =>
        await call.Desk.UnlockAsync(call.Site, await BodyAsync(call.Http, 64 << 10, stop), call.By, stop);

    private static async Task<string> BodyAsync(HttpContext http, int bytesMax, CancellationToken stop)
    {
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = bytesMax;
        using var reader = new StreamReader(http.Request.Body, new UTF8Encoding(false));
        return await reader.ReadToEndAsync(stop);
    }

    private static Site SiteOf(HttpContext http) =>
        Site.TryParse($"{http.GetRouteValue("app")}/{http.GetRouteValue("environment")}")
        ?? throw new Refused(StatusCodes.Status404NotFound, NoSite(http.Request.Path));

    private static Problem NoSite(string path) =>
        new(
            "state.no-site",
            What: $"{path} names no state.",
            Why: "A state belongs to an app in an environment, each named by lower-case letters, digits and dashes.",
            Fix: "Ask for /terraform/APP/ENVIRONMENT, such as /terraform/shop/production."
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem Damaged() =>
        new(
            "state.torn",
            What: "What was sent is not what its sender meant.",
            Why: "Its digest is another than the header Content-MD5 says.",
            Fix: "Send it again."
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
