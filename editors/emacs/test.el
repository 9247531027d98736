;;; test.el --- What Emacs makes of an example -*- lexical-binding: t; -*-

;; Run from this folder: emacs -Q --batch -l test.el

;;; Code:

(require 'ert)
(add-to-list 'load-path (file-name-directory (or load-file-name buffer-file-name)))
(require 'iflux-mode)

(defun iflux-test--face (program text &optional mode)
  "The face of the first TEXT in PROGRAM under MODE."
  (with-temp-buffer
    (insert program)
    (funcall (or mode #'iflux-mode))
    (font-lock-ensure)
    (goto-char (point-min))
    (search-forward text)
    (get-text-property (match-beginning 0) 'face)))

(ert-deftest iflux-examples-open-in-the-mode ()
  (let* ((folder (expand-file-name "../../examples" (file-name-directory (locate-library "iflux-mode"))))
         (files (directory-files-recursively folder "\\.iflux\\'")))
    (should (> (length files) 10))
    (dolist (file files)
      (with-current-buffer (find-file-noselect file)
        (should (eq major-mode 'iflux-mode))
        (font-lock-ensure)
        ;; No text is left open at the end, and no bracket.
        (should-not (nth 8 (syntax-ppss (point-max))))
        (should (= 0 (car (syntax-ppss (point-max)))))
        (kill-buffer)))))

(ert-deftest iflux-words-are-highlighted-where-they-are-words ()
  (should (eq (iflux-test--face "cluster eu-1 : Large { }" "cluster") 'font-lock-keyword-face))
  (should (eq (iflux-test--face "cluster eu-1 : Large { }" "Large") 'font-lock-type-face))
  (should (eq (iflux-test--face "alert A { for = 5m }" "for") 'font-lock-variable-name-face))
  (should (eq (iflux-test--face "for x in xs { }" "for") 'font-lock-keyword-face))
  (should-not (eq (iflux-test--face "a = pre-match" "match") 'font-lock-keyword-face))
  (should (eq (iflux-test--face "a = `b \" // c`\nlet d = 1" "// c") 'font-lock-string-face))
  (should (eq (iflux-test--face "a = `b \" // c`\nlet d = 1" "let") 'font-lock-keyword-face)))

(ert-deftest iflux-lines-are-indented-by-brackets ()
  (with-temp-buffer
    (insert "a b {\nc = [\n1,\n]\nd = ```\n      kept\n```\n}\n")
    (iflux-mode)
    (indent-region (point-min) (point-max))
    (should (equal (buffer-string) "a b {\n  c = [\n    1,\n  ]\n  d = ```\n      kept\n```\n}\n"))))

(ert-deftest iflux-findings-are-errors-of-a-compilation ()
  (require 'compile)
  (should (memq 'iflux compilation-error-regexp-alist))
  (let ((pattern (cadr (assq 'iflux compilation-error-regexp-alist-alist))))
    (should (string-match pattern "teams/a.iflux:2:6: error[syntax/unexpected]: the member ends too early"))))

(ert-deftest iflux-ts-mode-highlights ()
  (skip-unless (and (fboundp 'treesit-ready-p) (treesit-ready-p 'iflux t)))
  (should (eq (iflux-test--face "cluster eu-1 : Large { }" "cluster" 'iflux-ts-mode) 'font-lock-keyword-face))
  (should (eq (iflux-test--face "cluster eu-1 : Large { }" "Large" 'iflux-ts-mode) 'font-lock-type-face)))

(ert-run-tests-batch-and-exit)
;;; test.el ends here
