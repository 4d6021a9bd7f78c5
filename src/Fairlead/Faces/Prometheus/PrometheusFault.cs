namespace Fairlead.Faces.Prometheus;

/// <summary>A failure in Prometheus' terms.</summary>
/// <param name="type">bad_data, execution, timeout, not_found.</param>
internal sealed class PrometheusFault(int status, string type, string message) : Exception(message)
{
    public int Status => status;

    public string Type => type;

    /// <summary>A parameter that cannot be read.</summary>
    public static PrometheusFault BadParameter(string name, string why) =>
        new(StatusCodes.Status400BadRequest, "bad_data", $"invalid parameter \"{name}\": {why}");

    public static PrometheusFault BadRequest(string message) =>
        new(StatusCodes.Status400BadRequest, "bad_data", message);

    /// <param name="caught">A problem of a query.</param>
    public static PrometheusFault Of(Model.Problems.ProblemException caught)
    {
        var problem = caught.Problem;
        return problem.Code switch
        {
            "promql.syntax" => BadParameter("query", problem.Why),
            "promql.range" => BadRequest(problem.Why),
            "promql.timeout" => new(StatusCodes.Status503ServiceUnavailable, "timeout", problem.Why),
            _ => new(StatusCodes.Status422UnprocessableEntity, "execution", problem.Why),
        };
    }
}
