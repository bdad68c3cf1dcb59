using Millrace.Functions;
using Millrace.Graph.Windows;
using Millrace.Windowing;

namespace Millrace.DataStream.Windows;

/// <summary>A function of windows without keys, for the one key there is.</summary>
internal sealed class AllWindowFunction<TIn, TOut, TWindow>(ProcessAllWindowFunction<TIn, TOut, TWindow> function)
    : ProcessWindowFunction<TIn, TOut, NoKey, TWindow>, ICheckpointedFunction
    where TWindow : struct, IWindow
{
    private readonly WindowContext _context = new();

    public override void Open(RuntimeContext context) => function.Open(context);

    public void SnapshotState() => UserFunction.PrepareSnapshot(function);

    public override void Close() => function.Close();

    public override void Process(NoKey key, Context context, IEnumerable<TIn> elements, ICollector<TOut> output) =>
        function.Process(_context.Of(context), elements, output);

    public override void Clear(Context context) => function.Clear(_context.Of(context));

    private sealed class WindowContext : ProcessAllWindowFunction<TIn, TOut, TWindow>.Context
    {
        private Context? _keyed;

        public override TWindow Window => Keyed.Window;

        public override long CurrentWatermark => Keyed.CurrentWatermark;

        public override long CurrentProcessingTime => Keyed.CurrentProcessingTime;

        public override WindowStates WindowState => Keyed.WindowState;

        public override WindowStates GlobalState => Keyed.GlobalState;

        private Context Keyed => _keyed ?? throw new InvalidOperationException("No window is at work.");

        public WindowContext Of(Context keyed)
        {
            _keyed = keyed;
            return this;
        }

        public override void Output<T>(OutputTag<T> tag, T value) => Keyed.Output(tag, value);
    }
}
