using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Making.Families;

/// <summary>Trained models: that their file is whole, then what tests of Python say.</summary>
internal static class ModelWork
{
    public static Work Of(Part part)
    {
        var python = PythonWork.Of(part);
        var program = python.Checks.Any(static one => one.Name == "install") ? ".venv/bin/python" : "python3";
        List<JobTask> checks = [.. python.Checks];
        if (part.Detected.Stack == "onnx" && part.Sight.Top(".onnx").FirstOrDefault() is { } file)
        {
            checks.Add(
                part.Check("model", program, "-c", "import onnx, sys; onnx.checker.check_model(sys.argv[1])", file)
            );
        }
        return python with { Checks = checks };
    }
}
