namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>Addresses of pages about something.</summary>
public static class Links
{
    public static string App(string app, string environment) => $"/ui/apps/{Safe(app)}/{Safe(environment)}";

    public static string Deployment(string id) => $"/ui/deployments/{Safe(id)}";

    /// <summary>The page of a site such as <c>shop/production</c>; null when it is not of that shape.</summary>
    public static string? Site(string? site) =>
        site?.Split('/') is [var app, var environment] ? App(app, environment) : null;

    public static string Incident(int number) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/ui/incidents/{number}");

    public static string Logs(string app, string environment) =>
        $"/ui/logs?app={Safe(app)}&environment={Safe(environment)}";

    private static string Safe(string text) => Uri.EscapeDataString(text);
}
