using Millrace.DataStream;
using Millrace.Graph;
using Millrace.Programs;
using Millrace.Serialization;

namespace Millrace.UserCode;

/// <summary>The code of one job on one silo, and what belongs to it: shared by all its subtasks, gone with the
/// last.</summary>
/// <remarks>
/// Whatever of ours knows a type of the job hangs here and nowhere else: a static that knew one would keep the job's
/// assemblies in memory for ever.
/// </remarks>
internal sealed class LoadedProgram
{
    private JobProgram? _program;
    private JobLoadContext? _context;
    private SerializerSet? _serializers;

    /// <param name="program">Its job class.</param>
    /// <param name="context">Where its code was loaded; null when it is part of this process.</param>
    public LoadedProgram(JobProgram program, JobLoadContext? context)
    {
        _program = program;
        _context = context;
    }

    /// <summary>Full name of the job class.</summary>
    public string ClassName => Program.ClassName;

    /// <summary>Serializers of the job's types; those the program brings along are known once it was defined.</summary>
    /// <exception cref="InvalidOperationException">The program was not defined yet.</exception>
    public SerializerSet Serializers => _serializers
        ?? throw new InvalidOperationException(
            "A program names its own serializers in Define: define it before asking for its serializers.");

    private JobProgram Program => _program ?? throw new ObjectDisposedException(nameof(LoadedProgram));

    /// <summary>Runs the program's <c>Define</c>. Every call gives new function objects; all share the
    /// serializers.</summary>
    public StreamGraph Define(JobArguments arguments)
    {
        StreamExecutionEnvironment environment = Program.Define(arguments);

        // The first one's registrations: every run of Define gives the same.
        Interlocked.CompareExchange(ref _serializers, new SerializerSet(environment.Serializers), null);
        return StreamGraph.Of(environment);
    }

    /// <summary>Lets go of everything that knows a type of the job.</summary>
    public void Unload()
    {
        _program = null;
        _serializers = null;
        Interlocked.Exchange(ref _context, null)?.Unload();
    }
}
