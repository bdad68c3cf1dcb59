namespace Millrace.UserCode;

/// <summary>The job projects of <c>tests/JobPackages</c>, as the build of the solution left them.</summary>
internal static class BuiltJobs
{
    private const string Solution = "Orleans.sln";

    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The output folder of a job project, of the same configuration as the running tests.</summary>
    public static string Folder(string project)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string folder = Path.Combine(Repository, "artifacts", "bin", project, configuration);
        return File.Exists(Path.Combine(folder, project + ".dll"))
            ? folder
            : throw new DirectoryNotFoundException(
                $"'{folder}' has no {project}.dll: build tests/JobPackages/{project}.");
    }

    /// <summary>The main assembly of a job project.</summary>
    public static string Assembly(string project) => Path.Combine(Folder(project), project + ".dll");

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"There is no {Solution} above '{AppContext.BaseDirectory}'.");
    }
}
