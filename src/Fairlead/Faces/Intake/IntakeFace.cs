using System.Text;
using System.Text.Json;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Faces.Intake;

/// <summary>
/// Takes telemetry for every format that there is: finds the intake, asks for the sender's key, reads the body within limits and
/// answers as the format wants it. Stands before the API's own door, because its senders have keys of their own.
/// </summary>
/// <param name="sourceOf">Whose key it is; null when nobody's.</param>
internal sealed class IntakeFace(IReadOnlyList<IIntake> intakes, Func<string, Source?> sourceOf, ILogger log)
{
    // As it comes over the wire; once inflated IntakeBody's limit holds.
    private const long WireBytesMax = 32L << 20;

    private readonly IntakeRoutes routes = new(intakes);
    private readonly IntakeMemory memory = new();

    public static void Map(WebApplication app, IReadOnlyList<IIntake> intakes, Func<string, Source?> sourceOf)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Fairlead.Intake");
        var face = new IntakeFace(intakes, sourceOf, log);
        app.Use((http, next) => face.AnswerAsync(http, next, http.RequestAborted));
    }

    private Task AnswerAsync(HttpContext http, RequestDelegate next, CancellationToken stop)
    {
        var path = http.Request.Path.Value ?? "/";
        if (HttpMethods.IsOptions(http.Request.Method) && routes.FindAny(path) is { IsForPages: true })
        {
            Preflight(http);
            return Task.CompletedTask;
        }
        return routes.Find(http.Request.Method, path, out var values) is { } intake
            ? TakeAsync(http, intake, values, stop)
            : next(http);
    }

    private async Task TakeAsync(
        HttpContext http,
        IIntake intake,
        IReadOnlyDictionary<string, string> values,
        CancellationToken stop
    )
    {
        if (intake.IsForPages)
        {
            Permit(http);
        }
        try
        {
            var head = HeadOf(http, values);
            var key = intake.KeyIn(head) ?? KeyOf(http.Request);
            var source = key is null && intake.HasKeyInBody ? null : Known(key ?? "");
            http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = WireBytesMax;
            using var body = await IntakeBody.ReadAsync(
                http.Request.Body,
                http.Request.Headers.ContentEncoding,
                memory,
                stop
            );
            source ??= Known(intake.KeyIn(body.Bytes) ?? "");
            if (!GrpcFrame.Is(http.Request))
            {
                await WriteAsync(http.Response, await intake.TakeAsync(new(head, source, body.Bytes), stop), stop);
                return;
            }
            using var inflated = await GrpcFrame.UnwrapAsync(
                body.Bytes,
                http.Request.Headers["grpc-encoding"],
                memory,
                stop
            );
            var inside = inflated?.Bytes ?? GrpcFrame.Inside(body.Bytes);
            await GrpcFrame.AnswerAsync(http.Response, await intake.TakeAsync(new(head, source, inside), stop), stop);
        }
        catch (Refused caught)
        {
            await RefuseAsync(http, caught.Status, caught.Problem, stop);
        }
        catch (ProblemException caught)
        {
            await RefuseAsync(http, StatusOf(caught.Problem), caught.Problem, stop);
        }
        catch (BadHttpRequestException caught)
        {
            await RefuseAsync(http, caught.StatusCode, Problems.BadRequest(caught), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (Exception caught)
        {
            log.Fault(caught, http.Request.Path, http.TraceIdentifier);
            await RefuseAsync(http, StatusCodes.Status500InternalServerError, Problems.Bug(http.TraceIdentifier), stop);
        }
    }

    private Source Known(string key) =>
        sourceOf(key) ?? throw new Refused(StatusCodes.Status401Unauthorized, IntakeProblems.NoKey());

    // What cannot be read is the sender's fault, unless the problem says otherwise.
    private static int StatusOf(Problem problem) =>
        problem.Trouble == Trouble.Failed ? StatusCodes.Status400BadRequest : Problems.Status(problem);

    private static IntakeHead HeadOf(HttpContext http, IReadOnlyDictionary<string, string> values)
    {
        var request = http.Request;
        var type = request.ContentType ?? "";
        var end = type.IndexOf(';');
        return new(
            request.Method,
            request.Path.Value ?? "/",
            name => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null,
            name => request.Query.TryGetValue(name, out var value) ? value.ToString() : null
        )
        {
            Values = values,
            ContentType = (end < 0 ? type : type[..end]).Trim().ToLowerInvariant(),
            Address = http.Connection.RemoteIpAddress,
        };
    }

    /// <summary>Where HTTP has it: as a bearer's token, as a password, or in Fairlead's own header.</summary>
    private static string? KeyOf(HttpRequest request)
    {
        if (request.Headers["X-Fairlead-Key"] is [{ Length: > 0 } key])
        {
            return key;
        }
        if (request.Headers.Authorization is not [{ } shown] || shown.Split(' ', 2) is not [var scheme, var rest])
        {
            return null;
        }
        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return rest.Trim();
        }
        Span<byte> bytes = stackalloc byte[1024];
        return
            scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            && Convert.TryFromBase64String(rest.Trim(), bytes, out var length)
            && Encoding.UTF8.GetString(bytes[..length]).Split(':', 2) is [_, var password]
            ? password
            : null;
    }

    private static void Preflight(HttpContext http)
    {
        Permit(http);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        var headers = http.Response.Headers;
        headers.AccessControlAllowMethods = "GET, POST, PUT";
        headers.AccessControlAllowHeaders = http.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = "86400";
    }

    // No cookie lets anybody in here, so any page may send: it needs the key all the same.
    private static void Permit(HttpContext http)
    {
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers.AccessControlExposeHeaders = "Retry-After";
    }

    private static async Task WriteAsync(HttpResponse response, IntakeAnswer answer, CancellationToken stop)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }
        response.ContentType = answer.ContentType;
        if (answer.Body.Length > 0)
        {
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, stop);
        }
    }

    private static async Task RefuseAsync(HttpContext http, int status, Problem problem, CancellationToken stop)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        if (GrpcFrame.Is(http.Request))
        {
            GrpcFrame.Refuse(http.Response, status, problem);
            return;
        }
        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            http.Response.Headers.RetryAfter = "1";
        }
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Problems.Body(status, [problem]));
        await WriteAsync(http.Response, new(status, "application/problem+json", bytes), stop);
    }
}
