using System.Globalization;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Fairlead.Roles;

/// <summary>The way a role is asked: a web host on its Unix socket, readable by the owner alone.</summary>
public static class RoleServer
{
    /// <summary>Prepares a host; the role adds its endpoints and runs it.</summary>
    public static WebApplicationBuilder Builder(string role, RoleContext context)
    {
        // Empty, because the others read appsettings.json in the working folder and watch all below it, which is '/' for a role.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(context.Logs);
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            foreach (var converter in Wire.Json.Converters)
            {
                options.SerializerOptions.Converters.Add(converter);
            }
        });

        var socket = context.State.Socket(role);
        Directory.CreateDirectory(
            Path.GetDirectoryName(socket)!,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        // A web host removes the file of its socket when it ends. So it gets a name of its own, which is changed once it listens:
        // the end of an old edge cannot take the socket of the new one away.
        var bound = socket + ".new";
        File.Delete(bound);
        builder.Services.AddHostedService(_ => new Doorplate(bound, socket));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenUnixSocket(bound, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder;
    }

    /// <summary>Turns what an endpoint throws into the answer that <see cref="RoleClient"/> turns back.</summary>
    public static void UseRefusals(this WebApplication app) =>
        app.Use(
            async (http, next) =>
            {
                try
                {
                    await next(http);
                }
                catch (FencedException caught)
                {
                    http.Response.StatusCode = StatusCodes.Status409Conflict;
                    await http.Response.WriteAsJsonAsync(new Refusal(caught.Highest.Number, null), Wire.Json);
                }
                catch (ProblemException caught)
                {
                    http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
                    await http.Response.WriteAsJsonAsync(new Refusal(null, caught.Problems), Wire.Json);
                }
            }
        );

    /// <summary>The fence that a request carries.</summary>
    public static Fence FenceOf(HttpRequest request) =>
        long.TryParse(request.Headers[Wire.FenceHeader], CultureInfo.InvariantCulture, out var number)
            ? new Fence(number)
            : throw new Microsoft.AspNetCore.Http.BadHttpRequestException($"The header {Wire.FenceHeader} is missing.");
}
