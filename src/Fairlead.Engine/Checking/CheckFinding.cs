namespace Fairlead.Engine.Checking;

/// <summary>Something that a check found.</summary>
/// <param name="Severity">A word of the check's own scale, such as breaking or high.</param>
/// <param name="Rule">Stable, such as <c>property-removed</c>; allowances name it.</param>
/// <param name="Where">Such as <c>GET /users: response 200 [].email</c>.</param>
/// <param name="File">Where it is written, such as <c>openapi.yaml:12</c>; null where no file is to blame.</param>
public sealed record CheckFinding(
    string Severity,
    string Rule,
    string Where,
    string What,
    string Why,
    string Fix,
    string? File = null
);
