package im.signet.cli;

import im.signet.cli.Outcome.Style;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A terminal at which somebody types what a test says. */
final class ScriptedTerminal implements Terminal {

    final List<String> printed = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    final List<String> questions = new ArrayList<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private boolean interactive = true;

    ScriptedTerminal typing(String... lines) {
        answers.addAll(List.of(lines));
        return this;
    }

    ScriptedTerminal withNobody() {
        interactive = false;
        return this;
    }

    @Override
    public void print(Style style, String text) {
        printed.add(Shown.text(text));
    }

    @Override
    public void printRaw(String text) {
        printed.add(text);
    }

    @Override
    public void tell(Style style, String text) {
        told.add(Shown.text(text));
    }

    @Override
    public boolean isInteractive() {
        return interactive;
    }

    @Override
    public Optional<String> ask(String question) {
        if (!interactive) {
            return Optional.empty();
        }
        questions.add(question);
        return Optional.ofNullable(answers.poll());
    }

    @Override
    public Optional<char[]> askSecret(String question) {
        return ask(question).map(String::toCharArray);
    }

    @Override
    public boolean hasColours() {
        return false;
    }

    @Override
    public boolean hasBlocks() {
        return true;
    }
}
