using Microsoft.Extensions.Logging.Console;
using Storefront.Api;

var faultWord = Environment.GetEnvironmentVariable("FAULT");
if (Fault.TryParse(faultWord) is not { } fault)
{
    Console.WriteLine($"fatal: FAULT={faultWord} is unknown; say one of {Fault.Words}");
    return 2;
}
if (fault.Kind is FaultKind.Crash)
{
    Console.WriteLine("fatal: cannot start, because FAULT=crash is set");
    return 3;
}

var builder = WebApplication.CreateBuilder(args);
if (builder.Configuration["URLS"] is null && builder.Configuration["PORT"] is { } port)
{
    builder.WebHost.UseUrls($"http://{builder.Configuration["HOST"] ?? "127.0.0.1"}:{port}");
}
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Limits.MaxRequestBodySize = 16 * 1024;
    kestrel.Limits.MaxConcurrentConnections = 1000;
});
builder.Logging.ClearProviders();
builder.Logging.AddSimpleConsole(line =>
{
    line.SingleLine = true;
    line.ColorBehavior = LoggerColorBehavior.Disabled;
});
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

// Less than Fairlead's ten seconds from SIGTERM to SIGKILL.
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8));
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(Replica.FromEnvironment());
builder.Services.AddSingleton(services => new OrderLog(
    Replica.DataFolder(),
    services.GetRequiredService<TimeProvider>(),
    services.GetRequiredService<ILogger<OrderLog>>()
));

var app = builder.Build();
fault.Begin(app);
Warehouse.FromEnvironment().Begin(app);
app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15) });
app.MapGet("/healthz", () => fault.Kind is FaultKind.Sick ? Results.StatusCode(503) : Results.Text("ok\n"));
app.MapShop();
app.MapOrders();
app.MapOrderStream();
app.MapLiveSocket();
app.Services.GetRequiredService<OrderLog>().LogWhereItIs();
await app.RunAsync();
return 0;
